using System.Globalization;
using Spectre.Console;
using Tidings.Embedded;

namespace Tidings.Server.Commands;

/// <summary>Opens the record for a command that works on a stopped server, and shows how it loads.</summary>
internal static class RecordOpening
{
    /// <summary>Answers wait for the operating system and not for the disk: who imports or simulates can do so again.</summary>
    public static EmbeddedOptions Options(string dataFolder) => new() { DataFolder = dataFolder, Durability = Durability.Interval };

    public static async Task<EmbeddedProfile> OpenAsync(string dataFolder, TimeProvider clock, IAnsiConsole console, CancellationToken ct)
    {
        return await new ProgressView(console, clock).RunAsync(
            string.Create(CultureInfo.InvariantCulture, $"Opening {dataFolder}"), "rows",
            report => EmbeddedProfile.OpenAsync(Options(dataFolder), clock, new Reporter(report), ct));
    }

    private sealed class Reporter(ProgressView.Report report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value.Total == 0 ? 0 : Math.Min(1, (double)value.Done / value.Total), value.Done);
    }
}
