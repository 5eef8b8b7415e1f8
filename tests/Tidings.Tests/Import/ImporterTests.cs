using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tidings.Import;
using Tidings.People;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class ImporterTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly MemoryBulk _bulk = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Edges_become_people_and_follows_from_a_plain_or_packed_file(bool packed)
    {
        var summary = await RunAsync("1 2\n1 3\n2 1\n", Edges, packed: packed);

        Assert.Equal(["x1", "x2", "x3"], _bulk.People.Keys.Order());
        Assert.Equal([("x1", "x2"), ("x1", "x3"), ("x2", "x1")], Follows());
        Assert.Equal((3, 0, 3, 3, 0), (summary.Lines, summary.ResumedAfterLine, summary.Stored, summary.PeopleAdded, summary.BadLines));
    }

    [Fact]
    public async Task An_empty_file_imports_nothing()
    {
        var summary = await RunAsync("", Edges);

        Assert.Equal((0, 0, 0), (summary.Lines, summary.Stored, summary.PeopleAdded));
    }

    [Fact]
    public async Task Both_ways_makes_two_follows_of_a_pair()
    {
        await RunAsync("1 2\n3 1\n", new ImportOptions { Format = ImportFormat.Edges, BothWays = true, HandlePrefix = "p_" });

        Assert.Equal([("p_1", "p_2"), ("p_1", "p_3"), ("p_2", "p_1"), ("p_3", "p_1")], Follows());
    }

    [Fact]
    public async Task An_import_that_was_cut_off_goes_on_where_it_was_and_stores_nothing_twice()
    {
        var text = new StringBuilder();
        for (var i = 1; i <= 300_000; i++)
            text.Append(i % 977).Append(' ').Append(i).Append('\n');
        _bulk.FailAtStore = 2;
        await Assert.ThrowsAsync<IOException>(() => RunAsync(text.ToString(), Edges));
        var stored = _bulk.Taken;
        Assert.InRange(stored, 1, 299_999);

        var summary = await RunAsync(text.ToString(), Edges);

        Assert.Equal(stored, summary.ResumedAfterLine);
        Assert.Equal(300_000, _bulk.Taken);
        Assert.Equal(300_000, _bulk.Follows.Count);
        Assert.Equal(300_001, _bulk.People.Count);
        Assert.Equal(0, (await RunAsync(text.ToString(), Edges)).Stored);
        Assert.Equal(300_000, _bulk.Taken);
    }

    [Fact]
    public async Task Another_prefix_or_direction_is_another_import()
    {
        await RunAsync("1 2\n", Edges);
        await RunAsync("1 2\n", new ImportOptions { Format = ImportFormat.Edges, BothWays = true });
        await RunAsync("1 2\n", new ImportOptions { Format = ImportFormat.Edges, HandlePrefix = "y" });

        Assert.Equal([("x1", "x2"), ("x2", "x1"), ("y1", "y2")], Follows());
    }

    [Fact]
    public async Task A_packed_file_that_was_cut_off_says_so()
    {
        var text = string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i} {i * 7919L % 10_007}\n"));
        var whole = Pack(text);

        var e = await Assert.ThrowsAsync<ImportSourceException>(() => RunAsync(whole[..(whole.Length / 2)], Edges));

        Assert.Contains("damaged or cut off after line", e.Message);
    }

    [Fact]
    public async Task Edges_find_people_by_their_id_in_a_people_file_of_the_same_go()
    {
        var known = new IdMap();
        await RunAsync("""{"id": "12", "handle": "ada"}""", new ImportOptions { Format = ImportFormat.People }, known: known);
        await RunAsync("12 13\n", Edges, known: known);

        Assert.Equal([("ada", "x13")], Follows());
    }

    [Fact]
    public async Task Posts_are_stored_with_their_own_time_and_those_of_strangers_are_bad_lines()
    {
        await RunAsync("""{"handle": "ada", "name": "Ada", "bio": "b"}""", new ImportOptions { Format = ImportFormat.People });
        var summary = await RunAsync(
            """
            {"author": "ada", "text": "one", "created_at": "2012-07-01T00:00:00Z"}
            {"author": "eve", "text": "two", "created_at": "2012-07-01T00:00:01Z"}
            {"author": "ada", "text": "three", "created_at": "2012-07-01T00:00:02Z"}
            """, new ImportOptions { Format = ImportFormat.Posts });

        Assert.Equal([("one", 1_341_100_800_000), ("three", 1_341_100_802_000)], _bulk.Posts.Select(p => (p.Post.Body.Text, p.CreatedUnixMs)));
        Assert.All(_bulk.Posts, p => Assert.Equal(_bulk.Id("ada"), p.Post.Author));
        Assert.Equal([new BadLine(2, "its author is not there: import people first")], summary.FirstBadLines);
        Assert.Equal("Ada", _bulk.People["ada"].Name);
    }

    [Fact]
    public async Task An_activity_log_becomes_posts_of_those_whom_it_shows_posting()
    {
        var summary = await RunAsync(
            "1 88 1341100972 RT\n2 88 1341100973 RT\n3 88 1341100974 RE\n4 99 1341100975 MT\n", new ImportOptions { Format = ImportFormat.Activity });

        Assert.Equal([(_bulk.Id("x88"), 1_341_100_972_000), (_bulk.Id("x4"), 1_341_100_975_000)], _bulk.Posts.Select(p => (p.Post.Author, p.CreatedUnixMs)));
        Assert.Equal("@x99 is mentioned here.", _bulk.Posts[1].Post.Body.Text);
        Assert.Equal((2, 6), (summary.Stored, summary.PeopleAdded));
    }

    [Fact]
    public async Task An_activity_import_that_was_cut_off_knows_the_hour_it_was_in()
    {
        var log = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i % 50} {i % 7 + 100} {1_341_100_800 + i / 10} RT\n"));
        _bulk.FailAtStore = 2;
        var options = new ImportOptions { Format = ImportFormat.Activity };
        await Assert.ThrowsAsync<IOException>(() => RunAsync(log, options));
        await RunAsync(log, options);

        Assert.Equal(7 * 2, _bulk.Posts.Count);
    }

    [Fact]
    public async Task The_real_activity_log_is_read_whole()
    {
        var path = Path.Combine(RealData.Folder, "higgs", "higgs-activity_time.txt.gz");
        Assert.SkipUnless(File.Exists(path), $"Needs the Higgs activity log of SNAP at {path}.");
        using var source = SourceFile.Open(path);
        var bad = new BadLines(0);
        var reader = new ActivityReader(source.Content, bad, Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var lines = new ActivityLine[8_192];
        var kinds = new int[4];
        for (int read; (read = reader.Read(lines)) > 0;)
        {
            foreach (var line in lines.AsSpan(0, read))
                kinds[(int)line.Kind]++;
        }

        Assert.Equal([0, 354_930, 171_237, 36_902], kinds);
        Assert.Equal(source.BytesTotal, source.BytesRead);
    }

    private static ImportOptions Edges => new() { Format = ImportFormat.Edges };

    private Task<ImportSummary> RunAsync(string text, ImportOptions options, bool packed = false, IdMap? known = null) =>
        RunAsync(packed ? Pack(text) : Encoding.UTF8.GetBytes(text), options, known);

    private async Task<ImportSummary> RunAsync(byte[] bytes, ImportOptions options, IdMap? known = null)
    {
        using var source = new SourceFile(new MemoryStream(bytes), "source");
        return await new Importer(_bulk, _bulk, Clock).RunAsync(source, options, known ?? new IdMap(), null, CancellationToken.None);
    }

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private IEnumerable<(string, string)> Follows()
    {
        var handles = _bulk.People.Keys.ToDictionary(_bulk.Id);
        return _bulk.Follows.Select(f => (handles[f.Item1], handles[f.Item2])).Order();
    }
}
