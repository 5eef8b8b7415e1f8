using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using Tidings.Bench.Measuring;
using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Bench.Load;

/// <summary>
/// Live updates of a server in a process of its own: so many WebSockets, each of a person who follows 50 others; posts at a fixed rate by people
/// at random (open loop); the time from the moment at which a post's request was meant to go out to each follower's frame. Every frame that has
/// to come is counted.
/// </summary>
internal static class LiveCommand
{
    private const int OpenAtOnce = 32, Revocations = 200;

    /// <summary>How long the last frames may be on their way when the posts end.</summary>
    private static readonly TimeSpan AfterwardsMax = TimeSpan.FromSeconds(10), Settling = TimeSpan.FromSeconds(5), Step = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(Arguments line)
    {
        var sockets = line.Number("--sockets", 1_000, 1, 50_000);
        var people = line.Number("--people", 20_000, 100, 1_000_000);
        var posts = line.Number("--posts", 20_000, 0, 10_000_000);
        var rate = line.Number("--post-rate", 1_000, 1, 100_000);
        var time = TimeSpan.FromSeconds(line.Number("--seconds", 5, 1, 60));
        var rounds = line.Number("--rounds", 5, 1, 100);
        var dll = ServerDll.Of(line);
        var json = line.Text("--json", "");
        line.End();
        if (sockets > people)
            throw new UsageException("--sockets is at most --people: each is another person's.");

        var report = new Report("live");
        report.Begin();
        Report.Section($"{sockets:N0} sockets of {people:N0} people who follow {LoadWorld.Followees} each; durability always");
        using var world = await LoadWorld.MakeAsync(people, posts);
        using var server = await Child.TidingsAsync(dll, world.Folder, "--live-connections", $"{sockets + Revocations}");
        using var loop = new LoadLoop(server.Address, connections: 32);
        var who = new Credentials(world.Key);
        var first = new FirstReads(who, [.. Enumerable.Range(1, sockets)]);
        loop.Run(TimeSpan.FromMinutes(10), () => first.IsDone, first);
        // What posts cost the server is there before the sockets are.
        loop.Run(time, new PostStream(who, people, new Random(10), rate));

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://{server.Address}") };
        var arrivals = new Arrivals();
        await Task.Delay(Settling, TimeProvider.System);
        var before = server.ResidentBytes;
        await OpenAsync(http, world, sockets, arrivals);
        await Task.Delay(Settling, TimeProvider.System);
        report.Add("resident bytes of the server for each idle socket", (server.ResidentBytes - before) / (double)sockets / 1024, "KiB");

        Report.Section(string.Create(CultureInfo.InvariantCulture, $"Open loop, {rate:N0} posts/s for {time.TotalSeconds:0} s, {rounds} rounds; from the request's intended moment"));
        await LoadAsync(report, world, server, loop, arrivals, who, (people, sockets, rate, rounds, time));
        await RevokeAsync(report, world, http, sockets);
        report.Add("growth of the server since before the sockets, posts included", (server.ResidentBytes - before) / 1e6, "MB");
        report.Add("resyncs", arrivals.Resyncs, "");
        report.Add("connections lost", arrivals.Lost, "");
        await report.EndAsync(json);
        return 0;
    }

    private static async Task LoadAsync(
        Report report, LoadWorld world, Child server, LoadLoop loop, Arrivals arrivals, Credentials who, (int People, int Sockets, int Rate, int Rounds, TimeSpan Time) plan)
    {
        var random = new Random(11);
        List<double> p50 = [], p99 = [], postP50 = [], postP99 = [], frames = [], missing = [], late = [], own = [], servers = [];
        for (var round = -1; round < plan.Rounds; round++)
        {
            loop.OwnLatenessNs.Reset();
            var (ownBefore, serverBefore) = (GC.GetTotalPauseDuration(), await server.CollectorSecondsAsync());
            var stream = new TimedPosts(who, plan.People, random, plan.Rate);
            var seconds = loop.Run(plan.Time, stream);
            var expected = stream.Sent.Sum(sent => world.FollowersOf(sent.Author).ToArray().Count(p => p <= plan.Sockets));
            for (var waited = TimeSpan.Zero; arrivals.Count < expected && waited < AfterwardsMax; waited += Step)
                await Task.Delay(Step, TimeProvider.System);
            var latencies = stream.Sent.SelectMany(sent => arrivals.Of(sent.Post).Select(at => at - sent.IntendedNs)).Order().ToList();
            arrivals.Clear();
            if (round < 0)
                continue;
            p50.Add(latencies[latencies.Count / 2] / 1e6);
            p99.Add(latencies[latencies.Count * 99 / 100] / 1e6);
            postP50.Add(stream.Ms(50));
            postP99.Add(stream.Ms(99));
            frames.Add(latencies.Count / seconds);
            missing.Add(expected - latencies.Count);
            late.Add(loop.OwnLatenessNs.GetValueAtPercentile(99) / 1e6);
            own.Add((GC.GetTotalPauseDuration() - ownBefore).TotalMilliseconds / seconds);
            servers.Add((await server.CollectorSecondsAsync() - serverBefore) * 1e3 / seconds);
        }
        report.Add("post, p50", new Series(postP50), "ms");
        report.Add("post, p99", new Series(postP99), "ms");
        report.Add("from the request to the frame at a follower, p50", new Series(p50), "ms");
        report.Add("from the request to the frame at a follower, p99", new Series(p99), "ms", atMost: 15);
        report.Add("frames", new Series(frames), "/s");
        report.Add("frames that did not come", new Series(missing), "", atMost: 0);
        report.Add("of that the generator's: how late it sent though it could, p99", new Series(late), "ms");
        report.Add("pauses for the collector, the generator's", new Series(own), "ms/s");
        report.Add("pauses for the collector, the server's", new Series(servers), "ms/s");
    }

    /// <summary>An author blocks a reader who has the author's post on a screen: from the request to the frame that takes it away.</summary>
    private static async Task RevokeAsync(Report report, LoadWorld world, HttpClient http, int sockets)
    {
        var none = CancellationToken.None;
        var ms = new List<double>();
        foreach (var author in Enumerable.Range(1, world.People).Where(a => world.FollowersOf(a).Span.IndexOfAnyInRange(1, sockets) >= 0).Take(Revocations))
        {
            var followers = world.FollowersOf(author);
            var reader = followers.Span[followers.Span.IndexOfAnyInRange(1, sockets)];
            var (blocking, reading) = (new TidingsClient(http, world.Key, $"{author}"), new TidingsClient(http, world.Key, $"{reader}"));
            var post = (await blocking.PublishAsync(new PublishRequest("not for long"), null, none)).Id;
            await using var live = await reading.OpenLiveAsync(null, none);
            // Nobody ever made post 1: once it is said to be gone, the server knows what is watched.
            await live.WatchAsync(["1", post], none);
            await UntilGoneAsync(live, "1");
            var began = Clocks.NowNs;
            await blocking.BlockAsync($"{reader}", none);
            await UntilGoneAsync(live, post);
            ms.Add((Clocks.NowNs - began) / 1e6);
        }
        ms.Sort();
        report.Add($"from a block's request to the post gone from an open socket, p50 of {ms.Count}", ms[ms.Count / 2], "ms");
        report.Add($"from a block's request to the post gone from an open socket, p99 of {ms.Count}", ms[ms.Count * 99 / 100], "ms");
    }

    private static async Task UntilGoneAsync(LiveUpdates live, string post)
    {
        await foreach (var frame in live.ReadAsync(CancellationToken.None))
        {
            if (frame.Type == "gone" && frame.Post == post)
                return;
        }
    }

    private static async Task OpenAsync(HttpClient http, LoadWorld world, int sockets, Arrivals arrivals)
    {
        foreach (var some in Enumerable.Range(1, sockets).Chunk(OpenAtOnce))
        {
            await Task.WhenAll(some.Select(async person =>
            {
                var live = await new TidingsClient(http, world.Key, $"{person}").OpenLiveAsync(null, CancellationToken.None);
                await live.NextAsync(CancellationToken.None);
                _ = arrivals.ReadAsync(live);
            }));
        }
    }

    /// <summary>Posts, and when each was meant to go out.</summary>
    private sealed class TimedPosts(Credentials who, int people, Random random, double rate) : PostStream(who, people, random, rate)
    {
        public List<(long Author, long Post, long IntendedNs)> Sent { get; } = [];

        protected override void Settle(Exchange connection, long nowNs)
        {
            if (connection.Status is >= 200 and < 300)
                Sent.Add((connection.Tag, connection.Id(), connection.IntendedNs));
        }
    }

    /// <summary>When the frames came.</summary>
    private sealed class Arrivals
    {
        private readonly ConcurrentDictionary<long, ConcurrentBag<long>> _byPost = new();
        private int _count, _resyncs, _lost;

        public int Count => Volatile.Read(ref _count);

        public int Resyncs => _resyncs;

        public int Lost => _lost;

        public IEnumerable<long> Of(long post) => _byPost.TryGetValue(post, out var at) ? at : [];

        public void Clear()
        {
            _byPost.Clear();
            Volatile.Write(ref _count, 0);
        }

        public async Task ReadAsync(LiveUpdates live)
        {
            try
            {
                await foreach (var frame in live.ReadAsync(CancellationToken.None))
                {
                    var now = Clocks.NowNs;
                    if (frame.Type == "posted")
                    {
                        _byPost.GetOrAdd(long.Parse(frame.Post!, CultureInfo.InvariantCulture), static _ => []).Add(now);
                        Interlocked.Increment(ref _count);
                    }
                    else if (frame.Type == "resync")
                        Interlocked.Increment(ref _resyncs);
                }
            }
            catch (WebSocketException)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
