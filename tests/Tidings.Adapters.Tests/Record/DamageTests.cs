using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Embedded.Record;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

/// <summary>What the disk may do to a record: a torn end opens without what was not answered, anything else is refused, nothing is served wrong.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private string _described = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using (var profile = await OpenAsync(_folder.Path))
            await Described.FillAsync(profile);
        await using var again = await OpenAsync(_folder.Path);
        // A large group, so that a batch spans blocks of the log, and small ones after it.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => PublishAsync(again, new string((char)('a' + i % 26), 3_000))));
        for (var i = 0; i < 5; i++)
            await PublishAsync(again, $"small {i}");
        _described = await Described.DescribeAsync(again);
        _crashed = TemporaryFolder.CopyOf(_folder.Path);
    }

    private TemporaryFolder _crashed = null!;

    public ValueTask DisposeAsync()
    {
        _crashed.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<EmbeddedProfile> OpenAsync(string folder, bool acceptDamagedLog = false)
    {
        var options = EmbeddedPorts.Options(folder);
        options.AcceptDamagedLog = acceptDamagedLog;
        return EmbeddedProfile.OpenAsync(options, _clock, null, Ct);
    }

    private static Task<Result<Published>> PublishAsync(EmbeddedProfile profile, string text) => profile.Posts.PublishAsync(
        new NewPost(new UserId(1), PostType.Text, Audience.Public, default, new PostBody(text, [])), null, Ct).AsTask();

    private static string Log(string folder) => Directory.EnumerateFiles(Path.Combine(folder, "record"), "*.log").OrderBy(file => file).Last();

    [Fact]
    public async Task A_torn_end_of_any_length_opens_with_a_prefix_of_what_was_answered()
    {
        var whole = new FileInfo(Log(_crashed.Path)).Length;
        foreach (var cut in new[] { 1, 2, 6, 7, 8, 50, 120, 250, 400, 600, 1_000, 40_000, 100_000 })
        {
            using var copy = TemporaryFolder.CopyOf(_crashed.Path);
            using (var log = new FileStream(Log(copy.Path), FileMode.Open))
                log.SetLength(whole - cut);
            await using var profile = await OpenAsync(copy.Path);
            var described = await Described.DescribeAsync(profile);
            var events = described.Split('\n').Count(line => line.StartsWith("Event", StringComparison.Ordinal));
            Assert.Equal(profile.Events.End, events);
            Assert.InRange(_described.Length - described.Length, 1, 45 * 4_000);
            Assert.True((await PublishAsync(profile, "after")).IsOk);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_the_log_is_refused()
    {
        var path = Log(_crashed.Path);
        var bytes = File.ReadAllBytes(path);
        Assert.True(bytes.Length > 3 * LogBlock.Bytes);
        LogCheck.Check(Path.GetDirectoryName(path)!);
        var random = new Random(1);
        using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        for (var at = 0; at < bytes.Length; at += at < bytes.Length - 2_000 ? random.Next(1, 60) : 1)
        {
            Write(at, (byte)(bytes[at] ^ (1 << random.Next(8))));
            var refused = Xunit.Record.Exception(() => LogCheck.Check(Path.GetDirectoryName(path)!));
            Assert.True(refused is RecordDamagedException, $"The flip at byte {at:N0} of {bytes.Length:N0} was not seen.");
            Assert.Contains(Path.GetFileName(path), refused.Message, StringComparison.Ordinal);
            Write(at, bytes[at]);
        }

        void Write(int at, byte value)
        {
            log.Position = at;
            log.WriteByte(value);
        }
    }

    [Fact]
    public async Task A_flipped_bit_of_the_log_keeps_the_record_closed_unless_its_loss_is_accepted()
    {
        var bytes = File.ReadAllBytes(Log(_crashed.Path));
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(Log(_crashed.Path), bytes);

        var refused = await Assert.ThrowsAsync<RecordDamagedException>(() => OpenAsync(_crashed.Path));
        Assert.Contains(".log", refused.Message, StringComparison.Ordinal);

        await using var accepted = await OpenAsync(_crashed.Path, acceptDamagedLog: true);
        Assert.StartsWith(_described[..200], await Described.DescribeAsync(accepted), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sector_that_never_reached_the_disk_is_a_torn_end_only_at_the_end()
    {
        var bytes = File.ReadAllBytes(Log(_crashed.Path));
        using var copy = TemporaryFolder.CopyOf(_crashed.Path);
        var middle = bytes.Length / 2 / 512 * 512;
        File.WriteAllBytes(Log(copy.Path), [.. bytes[..middle], .. new byte[512], .. bytes[(middle + 512)..]]);
        await Assert.ThrowsAsync<RecordDamagedException>(() => OpenAsync(copy.Path));

        var end = bytes.Length - 100;
        File.WriteAllBytes(Log(copy.Path), [.. bytes[..end], .. new byte[5_000]]);
        await using var opened = await OpenAsync(copy.Path);
        Assert.Contains("small 3", await Described.DescribeAsync(opened), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_in_any_other_file_is_refused_or_harmless_never_served()
    {
        await using (var closed = await OpenAsync(_crashed.Path))
            Assert.Equal(_described, await Described.DescribeAsync(closed));
        var record = Path.Combine(_crashed.Path, "record");
        var files = Directory.EnumerateFiles(record)
            .Where(file => Path.GetFileName(file) is var name && (name.EndsWith(".sst", StringComparison.Ordinal) || name.StartsWith("MANIFEST", StringComparison.Ordinal) || name == "CURRENT"))
            .Order().ToArray();
        Assert.True(files.Length > 10);
        var random = new Random(2);
        var refused = 0;
        for (var i = 0; i < 80; i++)
        {
            using var copy = TemporaryFolder.CopyOf(_crashed.Path);
            var file = files[i % files.Length].Replace(_crashed.Path, copy.Path, StringComparison.Ordinal);
            var bytes = File.ReadAllBytes(file);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bytes);
            try
            {
                await using var profile = await OpenAsync(copy.Path);
                Assert.Equal(_described, await Described.DescribeAsync(profile));
            }
            catch (RecordException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 20, 80);
    }

    [Fact]
    public async Task A_missing_file_is_refused()
    {
        await (await OpenAsync(_crashed.Path)).DisposeAsync();
        foreach (var pattern in new[] { "*.sst", "MANIFEST*", "CURRENT" })
        {
            using var copy = TemporaryFolder.CopyOf(_crashed.Path);
            File.Delete(Directory.EnumerateFiles(Path.Combine(copy.Path, "record"), pattern).First());
            await Assert.ThrowsAsync<RecordDamagedException>(() => OpenAsync(copy.Path));
        }
        using var emptied = TemporaryFolder.CopyOf(_crashed.Path);
        Directory.Delete(Path.Combine(emptied.Path, "record"), recursive: true);
        await Assert.ThrowsAsync<RecordDamagedException>(() => OpenAsync(emptied.Path));
    }
}
