using System.Globalization;
using System.Net;
using Tidings.Bench.Measuring;

namespace Tidings.Bench.Load;

/// <summary>
/// Posts and feed pages over HTTP, beside an endpoint that does nothing, in turns within one run: first as fast as the connections go (closed
/// loop), for the ratios; then at fixed rates (open loop), for latencies; then both together, with followers who look for what was
/// just posted.
/// </summary>
internal static class LoadCommand
{
    private const int ProbesAtOnce = 8;

    private sealed record Plan(int People, int Connections, TimeSpan Time, int Rounds, int FeedRate, int PostRate, bool Hold);

    public static async Task<int> RunAsync(Arguments line)
    {
        var plan = new Plan(
            line.Number("--people", 20_000, 100, 1_000_000), line.Number("--connections", 64, 2, 1_024),
            TimeSpan.FromSeconds(line.Number("--seconds", 5, 1, 600)), line.Number("--rounds", 5, 1, 100),
            line.Number("--feed-rate", 0, 0, 1_000_000), line.Number("--post-rate", 0, 0, 1_000_000),
            line.Flag("--hold"));
        var posts = line.Number("--posts", 200_000, 0, 10_000_000);
        var dll = ServerDll.Of(line);
        var (url, key) = (line.Text("--url", ""), line.Text("--key", ""));
        var json = line.Text("--json", "");
        line.End();
        if (url.Length > 0 != key.Length > 0)
            throw new UsageException("--url and --key go together: a running server with people 1 to --people, and a service key of it.");

        var report = new Report("load");
        report.Begin();
        if (url.Length > 0)
        {
            Run(report, plan, IPEndPoint.Parse(new Uri(url).Authority), new Credentials(key), null, null);
        }
        else
        {
            Report.Section($"{plan.People:N0} people who follow {LoadWorld.Followees} each, {posts:N0} posts; durability always");
            using var world = await LoadWorld.MakeAsync(plan.People, posts);
            using var server = await Child.TidingsAsync(dll, world.Folder);
            Run(report, plan, server.Address, new Credentials(world.Key), server, world);
        }
        await report.EndAsync(json);
        return 0;
    }

    private static void Run(Report report, Plan plan, IPEndPoint address, Credentials who, Child? server, LoadWorld? world)
    {
        using var loop = new LoadLoop(address, plan.Connections);
        var first = new FirstReads(who, [.. Enumerable.Range(1, plan.People)]);
        loop.Run(TimeSpan.FromMinutes(10), () => first.IsDone, first);
        var pageBytes = (int)(first.BytesReceived / Math.Max(1, first.Answered));
        Console.WriteLine($"  everyone read once: {first.Say()}; a page has {pageBytes:N0} bytes");

        using var ceiling = Child.CeilingAsync(pageBytes).GetAwaiter().GetResult();
        if (plan.Hold)
        {
            Hold(address, who, ceiling.Address, plan.People);
            return;
        }
        using var ceilingLoop = new LoadLoop(ceiling.Address, plan.Connections);
        var (feedMax, postMax) = Closed(report, plan, who, (loop, server), (ceilingLoop, ceiling));
        var feedRate = plan.FeedRate > 0 ? plan.FeedRate : feedMax / 2;
        var postRate = plan.PostRate > 0 ? plan.PostRate : postMax / 2;
        Open(report, plan, who, loop, feedRate, postRate);
        if (world is not null)
            Mixed(report, plan, who, loop, world, feedRate / 2, postRate / 2);
        if (server is not null)
            report.Add("memory of the server at the end", server.ResidentBytes / 1e6, "MB");
    }

    /// <summary>Leaves both servers to other generators until the input ends.</summary>
    private static void Hold(IPEndPoint address, Credentials who, IPEndPoint ceiling, int people)
    {
        Console.WriteLine($"  Tidings: http://{address}, people 1 to {people}, Authorization: Bearer {who.Key}");
        Console.WriteLine($"  bare Kestrel: http://{ceiling}");
        while (Console.ReadLine() is not null)
        {
        }
    }

    private static (double FeedMax, double PostMax) Closed(
        Report report, Plan plan, Credentials who, (LoadLoop Loop, Child? Child) tidings, (LoadLoop Loop, Child? Child) ceiling)
    {
        Report.Section($"Closed loop, {plan.Connections} connections, {plan.Time.TotalSeconds:0} s a round, {plan.Rounds} rounds in turns; the generator has one of the cores");
        var random = new Random(7);
        Dictionary<string, List<double>> cpu = [];
        var generatorNs = new List<double>();
        // Reads first: a few seconds of posts double what there is to rank.
        var reads = Series.Interleaved(
            plan.Rounds,
            () => Round("bare Kestrel GET", ceiling, new CeilingStream(who, post: false, 0)),
            () => Round("ranked feed", tidings, new FeedStream(who, ranked: true, plan.People, random, 0)),
            () => Round("latest feed", tidings, new FeedStream(who, ranked: false, plan.People, random, 0)));
        var posts = Series.Interleaved(
            plan.Rounds,
            () => Round("bare Kestrel POST", ceiling, new CeilingStream(who, post: true, 0)),
            () => Round("post", tidings, new PostStream(who, plan.People, random, 0)));
        report.Add("bare Kestrel GET, body of a page's size", reads[0], "/s");
        report.Add("ranked feed page of 20", reads[1], "/s");
        report.Add("latest feed page of 20", reads[2], "/s");
        report.Add("bare Kestrel POST of 1 KB", posts[0], "/s");
        report.Add("post of 1 KB, idempotent, fsynced", posts[1], "/s");
        report.Add("feed_vs_kestrel", reads[1].Over(reads[0]).Times(100), "%", atLeast: 50);
        report.Add("latest_vs_kestrel", reads[2].Over(reads[0]).Times(100), "%");
        report.Add("post_vs_kestrel", posts[1].Over(posts[0]).Times(100), "%", atLeast: 40);
        foreach (var (what, us) in cpu)
            report.Add($"server CPU a request: {what}", new Series(us.Skip(1)), "µs");
        report.Add("the generator's own CPU a request, all kinds", new Series(generatorNs).Times(1e-3), "µs");
        return (reads[1].Median, posts[1].Median);

        double Round(string what, (LoadLoop Loop, Child? Child) on, LoadStream stream)
        {
            var (before, ownNs) = (on.Child?.CpuSeconds, Clocks.ThreadCpuNs);
            var seconds = on.Loop.Run(plan.Time, stream);
            generatorNs.Add((Clocks.ThreadCpuNs - ownNs) / (double)Math.Max(1, stream.Answered));
            if (stream.Failed > 0)
                Console.WriteLine($"  {what}: {stream.Say()}");
            if (before is { } cpuBefore)
                (cpu.TryGetValue(what, out var list) ? list : cpu[what] = []).Add((on.Child!.CpuSeconds - cpuBefore) * 1e6 / Math.Max(1, stream.Answered));
            return stream.Answered / seconds;
        }
    }

    private static void Open(Report report, Plan plan, Credentials who, LoadLoop loop, double feedRate, double postRate)
    {
        Report.Section(string.Create(CultureInfo.InvariantCulture, $"Open loop, each alone: {feedRate:N0} ranked pages/s, then {postRate:N0} posts/s; latency from the intended moment"));
        var random = new Random(8);
        var rounds = Enumerable.Range(0, plan.Rounds).Select(_ =>
        {
            var feed = new FeedStream(who, ranked: true, plan.People, random, feedRate);
            loop.Run(plan.Time, feed);
            var post = new PostStream(who, plan.People, random, postRate);
            loop.Run(plan.Time, post);
            return (feed, post);
        }).ToArray();
        Latency(report, "ranked feed page", [.. rounds.Select(r => r.feed)], p99AtMost: 10);
        Latency(report, "post", [.. rounds.Select(r => r.post)], null);
    }

    private static void Mixed(Report report, Plan plan, Credentials who, LoadLoop loop, LoadWorld world, double feedRate, double postRate)
    {
        Report.Section(string.Create(CultureInfo.InvariantCulture, $"Open loop, together: {feedRate:N0} ranked pages/s and {postRate:N0} posts/s, and {ProbesAtOnce} followers at a time who look for what was posted"));
        var random = new Random(9);
        var rounds = Enumerable.Range(0, plan.Rounds).Select(_ =>
        {
            var probe = new ProbeStream(who, world.FollowersOf, random, ProbesAtOnce, pagePosts: 20);
            var feed = new FeedStream(who, ranked: true, plan.People, random, feedRate);
            var post = new PostStream(who, plan.People, random, postRate, probe.Published);
            loop.Run(plan.Time, probe, post, feed);
            return (feed, post, probe);
        }).ToArray();
        Latency(report, "ranked feed page, mixed", [.. rounds.Select(r => r.feed)], p99AtMost: 10);
        Latency(report, "post, mixed", [.. rounds.Select(r => r.post)], null);
        report.Add("from a post's answer to a follower's page with it, p50", Percentile(50), "ms");
        report.Add("from a post's answer to a follower's page with it, p99", Percentile(99), "ms", atMost: 10);
        report.Add("probes for which the first read had the post", new Series(rounds.Select(r => 100.0 * r.probe.SeenAtFirstRead / r.probe.PropagationNs.TotalCount)), "%");
        report.Add("probes in a round", new Series(rounds.Select(r => (double)r.probe.PropagationNs.TotalCount)), "");

        Series Percentile(double p) => new(rounds.Select(r => r.probe.PropagationNs.GetValueAtPercentile(p) / 1e6));
    }

    private static void Latency(Report report, string what, IReadOnlyList<LoadStream> rounds, double? p99AtMost)
    {
        report.Add($"{what}, p50", new Series(rounds.Select(r => r.Ms(50))), "ms");
        report.Add($"{what}, p99", new Series(rounds.Select(r => r.Ms(99))), "ms", atMost: p99AtMost);
        report.Add($"{what}, p99.9", new Series(rounds.Select(r => r.Ms(99.9))), "ms");
        foreach (var failed in rounds.Where(r => r.Failed > 0))
            Console.WriteLine($"  {what}: {failed.Say()}");
    }
}
