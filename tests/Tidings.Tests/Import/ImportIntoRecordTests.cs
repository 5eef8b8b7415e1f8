using System.Text;
using Tidings.Embedded;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Import;

/// <summary>The importer and the embedded record together.</summary>
public sealed class ImportIntoRecordTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tidings-import-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_import_that_was_cut_off_is_whole_after_another_start()
    {
        var edges = new StringBuilder("# follower followee\n");
        for (var i = 0; i < 300_000; i++)
            edges.Append(i % 1_000).Append('\t').Append(i % 1_009).Append('\n');
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(edges.ToString(), ImportFormat.Edges, stop.Token, _ => stop.Cancel()));

        var summary = await ImportAsync(edges.ToString(), ImportFormat.Edges, CancellationToken.None);
        var again = await ImportAsync(edges.ToString(), ImportFormat.Edges, CancellationToken.None);

        Assert.InRange(summary.ResumedAfterLine, 1, 300_000);
        Assert.Equal((300_001, 0, 0), (again.ResumedAfterLine, again.Stored, again.PeopleAdded));
        await using var profile = await OpenAsync();
        var person = await profile.People.FindAsync("x5", CancellationToken.None);
        var expected = Enumerable.Range(0, 300_000).Where(i => i % 1_000 == 5).Select(i => i % 1_009).Where(f => f != 5).Distinct().Count();
        Assert.Equal(expected, (await profile.Graph.CountsAsync(person!.Value, CancellationToken.None)).Following);
    }

    [Fact]
    public async Task Imported_posts_are_in_their_authors_timelines_in_order_of_their_time()
    {
        await ImportAsync("""{"handle": "ada"}""", ImportFormat.People, CancellationToken.None);
        await ImportAsync(
            """
            {"author": "ada", "text": "second", "created_at": "2012-07-02T00:00:00Z"}
            {"author": "ada", "text": "first", "created_at": "2012-07-01T00:00:00Z"}
            """, ImportFormat.Posts, CancellationToken.None);

        await using var profile = await OpenAsync();
        var ada = await profile.People.FindAsync("ada", CancellationToken.None);
        var ids = new PostId[3];
        Assert.Equal(2, await profile.Posts.NewestAsync(new[] { ada!.Value }, PostId.Last, ids, CancellationToken.None));
        var bodies = new PostBody?[2];
        await profile.Posts.BodiesAsync(ids.AsMemory(0, 2), bodies, CancellationToken.None);
        Assert.Equal(["second", "first"], bodies.Select(b => b?.Text));
        Assert.Equal(1_341_187_200_000, ids[0].UnixMs);
    }

    [Fact]
    public async Task The_real_network_is_imported_both_ways()
    {
        var path = Path.Combine(RealData.Folder, "ego-twitter", "ego-twitter.undirected.1based.edgelist.gz");
        Assert.SkipUnless(File.Exists(path), $"Needs the ego-Twitter edge list of SNAP at {path}.");
        using var source = SourceFile.Open(path);
        await using var profile = await OpenAsync();
        var importer = new Importer(profile.Bulk, profile.People, TimeProvider.System);
        var summary = await importer.RunAsync(
            source, new ImportOptions { Format = ImportFormat.Edges, BothWays = true }, new IdMap(), null, CancellationToken.None);

        Assert.Equal((1_342_310, 2_684_620, 81_306, 0), (summary.Lines, summary.Stored, summary.PeopleAdded, summary.BadLines));
        var largest = 0;
        for (var id = 1; id <= 81_306; id++)
        {
            var counts = await profile.Graph.CountsAsync(new UserId(id), CancellationToken.None);
            Assert.Equal(counts.Following, counts.Followers);
            largest = Math.Max(largest, counts.Followers);
        }
        Assert.Equal(3_383, largest);
    }

    private async Task<ImportSummary> ImportAsync(string text, ImportFormat format, CancellationToken ct, Action<ImportProgress>? report = null)
    {
        await using var profile = await OpenAsync();
        using var source = new SourceFile(new MemoryStream(Encoding.UTF8.GetBytes(text)), "source");
        return await new Importer(profile.Bulk, profile.People, TimeProvider.System)
            .RunAsync(source, new ImportOptions { Format = format }, new IdMap(), report is null ? null : new Reporter(report), ct);
    }

    private Task<EmbeddedProfile> OpenAsync() => EmbeddedProfile.OpenAsync(
        new EmbeddedOptions { DataFolder = Path.Combine(_folder.FullName, "data"), Durability = Durability.Interval, HotPostsMax = 65_536, FreeBytesMin = 0 },
        TimeProvider.System, null, CancellationToken.None);

    private sealed class Reporter(Action<ImportProgress> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => report(value);
    }
}
