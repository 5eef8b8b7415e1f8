using System.Reflection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Tidings.Server.Tests.Hosting;

public sealed class LogTests
{
    [Fact]
    public void The_messages_and_their_numbers_stay_what_people_search_for()
    {
        const string golden = """
            1 Information Listening on {Addresses}; the record in {Folder} is open, durability {Durability}.
            2 Information Stopping: not ready any more, requests are taken for another {DrainSeconds} s.
            3 Information Stopped; the record is closed.
            4 Critical {Part} failed: the server stops.
            5 Error A request failed, trace {TraceId}.
            6 Error An answer was cut off, trace {TraceId}.
            7 Warning A write was refused because the disk is full, trace {TraceId}.
            8 Information Freed the inboxes of {Count} readers who were not here for {Days} days.
            9 Information Made the service key {Name} ({Id}).
            10 Information Revoked the key {Name} ({Id}).
            11 Warning What has expired could not be removed because the disk is full.
            12 Warning The issuer {Issuer} can't be reached: its people can't be told.
            13 Information Erased person {Id}; the files are compacted within {Hours} hours.
            14 Information Compacted the files after {Count} people were erased.
            15 Information Copied the record to {Folder}, {Bytes} bytes.
            16 Warning The record could not be copied to {Folder}.
            20 Warning Notifications wait because the disk is full.
            30 Warning The model {File} was put in before and can't rank any more: {Why}
            """;
        var messages = typeof(TidingsServer).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(m => m.EventId)
            .Select(m => $"{m.EventId} {m.Level} {m.Message}");
        Assert.Equal(golden, string.Join('\n', messages));
    }
}
