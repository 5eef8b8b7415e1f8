using System.CommandLine;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Server.Commands;
using Tidings.Server.Ranking;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Ranking;

public sealed class SlateExportTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private static JoinedSlate Made()
    {
        var slate = new Slate { Reader = new UserId(42), UnixMs = 1_767_376_800_000, Variant = "test/b", Share = 0.5f, Count = 2 };
        slate.Entries[0] = new SlateEntry(new PostId(7201), new UserId(9), 0, 0.95f, 1.25f);
        slate.Entries[1] = new SlateEntry(new PostId(7202), new UserId(8), -1, 1, -0.1f);
        for (var i = 0; i < 2 * Features.Count; i++)
            slate.FeatureRows[i] = i / 3f;
        return new JoinedSlate(slate, [new Outcome(true, false, true, false, 4_200), default]);
    }

    [Fact]
    public async Task Golden_line_of_version_1()
    {
        using var bytes = new MemoryStream();
        await ExportSlatesCommand.NdjsonAsync(bytes, new[] { Made() }.ToAsyncEnumerable(), all: true);
        var row = (int from) => string.Join(',', Features.Names.Select((name, f) =>
            $"\"{name}\":{((from + f) / 3f).ToString("R", System.Globalization.CultureInfo.InvariantCulture)}"));
        Assert.Equal(
            """{"version":1,"features_version":2,"reader":"42","time":"2026-01-02T18:00:00.000Z","variant":"test/b","propensity":0.5,"session_depth":2.6666667,"candidates":["""
            + """{"id":"7201","author":"9","position":0,"propensity":0.95,"score":1.25,"features":{""" + row(0)
            + """},"label":{"like":1,"comment":0,"share":1,"hide":0,"dwell_ms":4200}},"""
            + """{"id":"7202","author":"8","position":null,"propensity":1,"score":-0.1,"features":{""" + row(Features.Count) + "}}]}\n",
            Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public void A_line_of_CSV_has_as_many_fields_as_the_header()
    {
        using var csv = new StringWriter();
        SlateWriters.Csv(csv, Made(), all: true);
        var lines = csv.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(SlateWriters.CsvHeader.Split(',').Length, line.Split(',').Length));
        Assert.StartsWith("42,2026-01-02T18:00:00.000Z,test/b,0.5,7201,9,0,0.95,1.25,0,0.33333334,", lines[0]);
        Assert.EndsWith(",1,0,1,0,4200", lines[0]);
    }

    [Fact]
    public async Task What_is_exported_is_read_back_exactly_and_replayed()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Path);
        var file = Path.Combine(folder.Path, "slates.ndjson");
        await using (var target = File.Create(file))
            await ExportSlatesCommand.NdjsonAsync(target, new[] { Made() }.ToAsyncEnumerable(), all: true);
        var (made, read) = (Made(), SlateFile.Read(file, Ct).Single());
        Assert.Equal(made.Slate.Entries, read.Slate.Entries);
        Assert.Equal(made.Slate.FeatureRows, read.Slate.FeatureRows);
        Assert.Equal(made.Outcomes, read.Outcomes);
        Assert.Equal(
            (made.Slate.Reader, made.Slate.UnixMs, made.Slate.Variant, made.Slate.Share),
            (read.Slate.Reader, read.Slate.UnixMs, read.Slate.Variant, read.Slate.Share));

        var output = new StringWriter();
        Assert.Equal(0, Replay(output, "--trace", file, "--preset", "seed", "chronological"));
        Assert.Contains("1 slates of 1 readers", output.ToString());
        Assert.Contains("chronological", output.ToString());
        Assert.DoesNotContain("--all-candidates", output.ToString(), StringComparison.Ordinal);
        await File.AppendAllTextAsync(file, "{}\n", Ct);
        Assert.Equal(1, Replay(output, "--trace", file));
        Assert.Equal(1, Replay(output, "--trace", file, "--preset", "none"));
    }

    private static int Replay(TextWriter output, params string[] line) => ReplaySlatesCommand.Run(
        ReplaySlatesCommand.Create(null).Parse(line), AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), null, Ct);

    [Fact]
    public async Task Slates_of_pages_alone_are_replayed_with_a_warning()
    {
        using var folder = new DataFolder();
        Directory.CreateDirectory(folder.Path);
        var file = Path.Combine(folder.Path, "slates.ndjson");
        await using (var target = File.Create(file))
            await ExportSlatesCommand.NdjsonAsync(target, new[] { Made() }.ToAsyncEnumerable(), all: false);
        var output = new StringWriter();
        Assert.Equal(0, Replay(output, "--trace", file));
        Assert.Contains("--all-candidates", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_there_is_no_record_nothing_is_exported_and_none_made()
    {
        using var folder = new DataFolder();
        var nowhere = Path.Combine(folder.Path, "nowhere");
        var (errors, command) = (new StringWriter(), ExportSlatesCommand.Create());
        var line = command.Parse(["--data", nowhere, "--out", Path.Combine(folder.Path, "slates.ndjson")]);
        line.InvocationConfiguration.Error = errors;
        Assert.Equal(1, await ExportSlatesCommand.RunAsync(line, AnsiConsole.Console, TimeProvider.System, Ct));
        Assert.Contains(nowhere, errors.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(nowhere));
    }

    [Fact]
    public async Task A_page_that_was_served_is_exported_with_what_came_of_it_and_features_read_back_bit_for_bit()
    {
        using var folder = new DataFolder();
        var (post, reader) = await ServeAsync(folder);
        var file = Path.Combine(folder.Path, "slates.ndjson");
        var command = ExportSlatesCommand.Create();
        Assert.Equal(0, await ExportSlatesCommand.RunAsync(
            command.Parse(["--data", folder.Path, "--out", file]), AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }),
            TimeProvider.System, Ct));

        var slates = (await File.ReadAllLinesAsync(file, Ct)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var shown = slates.Where(slate => slate.GetProperty("reader").GetString() == reader)
            .SelectMany(slate => slate.GetProperty("candidates").EnumerateArray()).First(candidate => candidate.GetProperty("id").GetString() == post);
        Assert.Equal(1, shown.GetProperty("label").GetProperty("like").GetInt32());
        Assert.Equal(0, shown.GetProperty("label").GetProperty("hide").GetInt32());
        Assert.Equal(Features.Count, shown.GetProperty("features").EnumerateObject().Count());
        var record = await folder.OpenAsync(TimeProvider.System, Ct);
        await using var opened = record;
        var logged = (await record.Slates.ReadAsync(0, 100, Ct)).First(slate => slate.Slate.Reader.ToString() == reader).Slate;
        var features = shown.GetProperty("features");
        for (var f = 0; f < Features.Count; f++)
            Assert.Equal(logged.FeaturesOf(0)[f], (float)features.GetProperty(Features.Names[f]).GetDouble());
    }

    /// <summary>A server of which every page is logged: a post is read, then liked.</summary>
    private static async Task<(string Post, string Reader)> ServeAsync(DataFolder folder)
    {
        var server = new RunningServer(TimeProvider.System, options => options with { SlateSample = 10_000 }, folder);
        await server.InitializeAsync();
        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        var post = await writer.Client.PublishAsync(new PublishRequest("news"), null, Ct);
        await server.SettledAsync();
        Assert.Single((await reader.Client.FeedAsync(null, null, null, Ct)).Items);
        await reader.Client.LikeAsync(post.Id, Ct);
        var log = server.Get<ISlateLog>();
        await RunningServer.UntilAsync(async () => (await log.ReadAsync(0, 1, Ct)).Count > 0);
        await server.DisposeAsync();
        return (post.Id, reader.Id);
    }
}
