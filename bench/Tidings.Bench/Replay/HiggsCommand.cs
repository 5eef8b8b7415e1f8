using Tidings.Bench.Load;
using Tidings.Bench.Measuring;
using Tidings.Import;
using Tidings.People;

namespace Tidings.Bench.Replay;

/// <summary>
/// The Higgs log: 563,069 retweets, mentions and replies of 304,691 people in the first week of July 2012. Who interacted with whom stands in for
/// who follows whom. A retweet is a share of, and a reply a comment on, the target's post of that hour, which is made when the log first needs it;
/// a mention is a post of its actor.
/// </summary>
internal static class HiggsCommand
{
    private const string Graph = "higgs/derived-interaction_graph.edgelist.gz", Activity = "higgs/higgs-activity_time.txt.gz";

    public static async Task<int> RunAsync(Arguments line)
    {
        var data = line.Text("--data", "../shared/data");
        var http = line.Flag("--http");
        var events = line.Number("--events", http ? 50_000 : int.MaxValue, 1, int.MaxValue);
        var rate = line.Number("--rate", 0, 0, 10_000_000);
        var readersMax = line.Number("--readers", 50_000, 1, 10_000_000);
        var sample = line.Number("--sample", 1_000, 2, 1_000_000);
        var connections = line.Number("--connections", 64, 4, 1_024);
        var dll = http ? ServerDll.Of(line) : "";
        var json = line.Text("--json", "");
        line.End();

        var report = new Report(http ? "replay higgs --http" : "replay higgs");
        report.Begin();
        Report.Section("Higgs interaction graph, read as follows (De Domenico et al., Scientific Reports 3:2980, by SNAP)");
        using var graph = await ReplayGraph.ImportAsync(report, Path.Combine(data, Graph), bothWays: false);
        var log = ReadLog(Path.Combine(data, Activity), events);
        var people = graph.Plain.Followers.Order().Select(p => new UserId(p)).ToArray();
        new Random(11).Shuffle(people);
        var readers = people[..Math.Min(readersMax, people.Length)];
        // Half of those compared have had an inbox all the while, half come for the first time.
        UserId[] compared = [.. readers.Take(sample / 2), .. people.Reverse().Take(sample - sample / 2)];

        var equal = http
            ? await HiggsOverHttp.RunAsync(report, graph, log, readers, compared, dll, connections)
            : await RunAsync(report, graph, log, readers, compared, rate);
        await report.EndAsync(json);
        return equal ? 0 : 1;
    }

    private static async Task<bool> RunAsync(
        Report report, ReplayGraph graph, ActivityLine[] log, UserId[] readers, UserId[] compared, int rate)
    {
        await using var replay = await ReplayEngine.OpenAsync(report, graph);
        await replay.WarmAsync(readers);
        Report.Section($"The log through the engine{(rate > 0 ? $", {rate:N0} events a second" : ", as fast as it goes")}; {readers.Length:N0} people have an inbox");
        var events = new HiggsEvents(graph, log);
        await replay.RunAsync(report, "events", readers, () => Next(events, replay), rate);
        report.Add("posts made of them", graph.Plain.Posts, "posts");
        replay.MemoryOf(report);

        Report.Section("Feeds against the plain model");
        return await FeedComparison.RunAsync(graph.Plain, compared, reader => FeedComparison.WalkEngineAsync(replay.Engine.ReadFeed, reader));
    }

    private static Task? Next(HiggsEvents events, ReplayEngine replay)
    {
        if (!events.TryNext(out var change))
            return null;
        if (change.IsNew)
            change.Entry.Published = replay.PublishAsync(change.Entry.Plain, change.Text);
        return change.Kind == ActivityKind.Mention ? change.Entry.Published : EngageAsync(change, replay);
    }

    private static async Task EngageAsync(HiggsChange change, ReplayEngine replay)
    {
        var post = await change.Entry.Published!;
        if (change.Kind == ActivityKind.Retweet)
            _ = (await replay.Engine.Mark.ExecuteAsync(change.Actor, post, Engagement.Mark.Share, true, CancellationToken.None)).Value;
        else
            _ = (await replay.Engine.Comment.ExecuteAsync(change.Actor, post, "An answer.", null, CancellationToken.None)).Value;
    }

    private static ActivityLine[] ReadLog(string path, int max)
    {
        if (!File.Exists(path))
            throw new UsageException($"There is no {path}: say where the data is with --data.");
        using var source = SourceFile.Open(path);
        var reader = new ActivityReader(source.Content, new BadLines(), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var lines = new List<ActivityLine>();
        var some = new ActivityLine[65_536];
        int read;
        do
        {
            read = reader.Read(some.AsSpan(0, Math.Min(some.Length, max - lines.Count)));
            lines.AddRange(some.AsSpan(0, read));
        }
        while (read == some.Length && lines.Count < max);
        return [.. lines];
    }
}
