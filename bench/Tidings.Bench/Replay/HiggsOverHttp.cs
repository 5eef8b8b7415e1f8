using Tidings.Bench.Load;
using Tidings.Bench.Measuring;
using Tidings.Client;
using Tidings.Import;
using Tidings.People;

namespace Tidings.Bench.Replay;

/// <summary>The log through a server in a process of its own, over raw connections, with followers who look for what was posted.</summary>
internal static class HiggsOverHttp
{
    private const int ProbesAtOnce = 4, ProbeLimit = 100;

    public static async Task<bool> RunAsync(
        Report report, ReplayGraph graph, ActivityLine[] log, UserId[] readers, UserId[] compared, string dll, int connections)
    {
        using var server = await Child.TidingsAsync(dll, graph.Options.DataFolder);
        var who = new Credentials(graph.Key);
        using var loop = new LoadLoop(server.Address, connections);
        var warm = new FirstReads(who, [.. readers.Select(r => (int)r.Value)]);
        loop.Run(TimeSpan.FromMinutes(10), () => warm.IsDone, warm);
        Console.WriteLine($"  {readers.Length:N0} people read once: {warm.Say()}");

        Report.Section($"{log.Length:N0} events of the log over HTTP, {connections} connections; {readers.Length:N0} people have an inbox");
        var followers = FollowersAmong(graph.Plain, readers);
        var probe = new ProbeStream(who, a => followers.TryGetValue(a, out var list) ? list.ToArray() : default, new Random(12), ProbesAtOnce, ProbeLimit);
        var replay = new HiggsStream(who, new HiggsEvents(graph, log), probe);
        var cpuBefore = server.CpuSeconds;
        var seconds = loop.Run(TimeSpan.FromHours(1), () => replay.IsDone && probe.IsDone, probe, replay);
        if (replay.Failed > 0)
            Console.WriteLine($"  {replay.Say()}");
        report.Add("events answered, each fsynced", log.Length / seconds, "/s");
        report.Add("requests", replay.Answered / seconds, "/s");
        report.Add("request, p50", replay.Ms(50), "ms");
        report.Add("request, p99", replay.Ms(99), "ms");
        report.Add("posts made of them", graph.Plain.Posts, "posts");
        report.Add("server CPU a request, probes included", (server.CpuSeconds - cpuBefore) * 1e6 / (replay.Answered + probe.Answered), "µs");
        report.Add("memory of the server for each person", server.ResidentBytes / (double)graph.People.Count, "B");
        probe.Report(report);

        Report.Section("Feeds against the plain model");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        var client = new TidingsClient(http);
        return await FeedComparison.RunAsync(graph.Plain, compared, reader => FeedComparison.WalkHttpAsync(client, graph.Key, reader))
            && replay.Failed == 0;
    }

    private static Dictionary<long, List<int>> FollowersAmong(PlainFeeds plain, UserId[] readers)
    {
        var followers = new Dictionary<long, List<int>>();
        foreach (var reader in readers)
        {
            foreach (var followee in plain.FollowingOf(reader.Value))
                (followers.TryGetValue(followee, out var list) ? list : followers[followee] = []).Add((int)reader.Value);
        }
        return followers;
    }
}
