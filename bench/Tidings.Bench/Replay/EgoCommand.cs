using Tidings.Bench.Measuring;
using Tidings.People;

namespace Tidings.Bench.Replay;

/// <summary>
/// ego-Twitter, read both ways: 81,306 people and 2.7 million follows. Everyone has an inbox. The posts are made up: their authors are drawn at
/// random by their followers, as people with more readers post more; a random order, a text of some length.
/// </summary>
internal static class EgoCommand
{
    private const string File = "ego-twitter/ego-twitter.undirected.1based.edgelist.gz";

    public static async Task<int> RunAsync(Arguments line)
    {
        var data = line.Text("--data", "../shared/data");
        var posts = line.Number("--posts", 250_000, 1, 10_000_000);
        var rate = line.Number("--rate", 0, 0, 10_000_000);
        var sample = line.Number("--sample", 1_000, 1, 1_000_000);
        var json = line.Text("--json", "");
        line.End();

        var report = new Report("replay ego");
        report.Begin();
        Report.Section("ego-Twitter both ways (McAuley and Leskovec, NIPS 2012, by SNAP)");
        using var graph = await ReplayGraph.ImportAsync(report, Path.Combine(data, File), bothWays: true);
        await using var replay = await ReplayEngine.OpenAsync(report, graph);
        var random = new Random(10);
        var everyone = graph.Plain.Followers.Order().Select(p => new UserId(p)).ToArray();
        await replay.WarmAsync(everyone);

        Report.Section($"{posts:N0} posts through the engine{(rate > 0 ? $", {rate:N0} a second" : ", as fast as it goes")}");
        var authors = everyone.SelectMany(p => Enumerable.Repeat(p, 1 + graph.Plain.FollowingOf(p.Value).Count / 8)).ToArray();
        var left = posts;
        await replay.RunAsync(report, "posts", everyone, () => left-- > 0
            ? replay.PublishAsync(graph.Plain.Post(authors[random.Next(authors.Length)]), "A post of some length, as people write them when they have a moment.")
            : null, rate);
        replay.MemoryOf(report);

        Report.Section("Feeds against the plain model");
        random.Shuffle(everyone);
        var equal = await FeedComparison.RunAsync(graph.Plain, everyone[..Math.Min(sample, everyone.Length)],
            reader => FeedComparison.WalkEngineAsync(replay.Engine.ReadFeed, reader));
        await report.EndAsync(json);
        return equal ? 0 : 1;
    }
}
