using HdrHistogram;
using Tidings.Bench.Measuring;
using Tidings.Bench.Worlds;
using Tidings.Ranking;

namespace Tidings.Bench.Quick;

/// <summary>The engine's part of the budget in some two minutes, by stopwatch. Costs are what the thread used of a core.</summary>
internal static class QuickCommand
{
    private const int SlicesPerRound = 4_096, BatchesPerRound = 20_000, PagesPerRound = 5_000, PostsPerRound = 100;
    private const long BytesPerPerson = 9_500;

    public static async Task<int> RunAsync(Arguments line)
    {
        var people = line.Number("--people", 1_000_000, 1_000, 10_000_000);
        var rounds = line.Number("--rounds", 7, 5, 100);
        var json = line.Text("--json", "");
        line.End();

        var report = new Report("quick");
        report.Begin();
        Inboxes(report, (int)Math.Min(people, Memory.AvailableBytes() / BytesPerPerson), rounds);
        InMemory(report, rounds);
        await FeedsAsync(report, rounds);
        await report.EndAsync(json);
        return 0;
    }

    private static void Inboxes(Report report, int people, int rounds)
    {
        Report.Section($"Push: slices of 1,000 of {people:N0} people, everyone with a full inbox of 1,000");
        using var world = new InboxWorld(people);
        var perSecond = Series.Interleaved(
            rounds,
            () => PerSecond(() => world.WriteRings(sorted: true)),
            () => PerSecond(() => world.PushSlice(sorted: true)),
            () => PerSecond(() => world.WriteRings(sorted: false)),
            () => PerSecond(() => world.PushSlice(sorted: false)));
        report.Add("bare ring, recipients sorted", perSecond[0].Times(1e-6), "M/s");
        report.Add("push, recipients sorted", perSecond[1].Times(1e-6), "M/s");
        report.Add("push ÷ bare ring, sorted", perSecond[1].Over(perSecond[0]).Times(100), "%", atLeast: 25);
        report.Add("bare ring, recipients shuffled", perSecond[2].Times(1e-6), "M/s");
        report.Add("push, recipients shuffled", perSecond[3].Times(1e-6), "M/s");
        report.Add("push ÷ bare ring, shuffled", perSecond[3].Over(perSecond[2]).Times(100), "%", atLeast: 25);
        report.Add("bytes for an inbox entry, full inboxes", world.BytesPerEntry, "B", atMost: 8);

        static double PerSecond(Func<int> slice)
        {
            var began = Clocks.ThreadCpuNs;
            var done = 0L;
            for (var i = 0; i < SlicesPerRound; i++)
                done += slice();
            return done * 1e9 / (Clocks.ThreadCpuNs - began);
        }
    }

    private static void InMemory(Report report, int rounds)
    {
        Report.Section("Parts of a read in memory: a million hot posts of 20,000 authors");
        using var world = new TimelineWorld(FeedWorld.Candidates);
        var firstPass = new FirstPass(RankingProfile.Default);
        var now = world.Headers[0].Id.UnixMs;
        var us = Series.Interleaved(
            rounds,
            () => CpuUs(BatchesPerRound, () => world.GetHeaders()),
            () => CpuUs(BatchesPerRound / 4, () => world.Merge()),
            () => CpuUs(BatchesPerRound, () =>
            {
                var sum = 0f;
                foreach (ref readonly var header in world.Headers.AsSpan())
                    sum += firstPass.Score(header, 10, now);
                return (int)sum;
            }));
        report.Add("headers of 500 candidates", us[0], "µs");
        report.Add("200 timelines merged to the newest 1,000", us[1], "µs");
        report.Add("first pass of 500", us[2], "µs");
    }

    private static async Task FeedsAsync(Report report, int rounds)
    {
        Report.Section("Reads and fan-out over a whole record");
        await using var world = await FeedWorld.OpenAsync();
        var us = Series.Interleaved(
            rounds,
            () => CpuUs(PagesPerRound, world.ReadRanked),
            () => CpuUs(PagesPerRound, world.ReadLatest),
            () => WithModel(() => CpuUs(PagesPerRound, world.ReadRanked)));
        report.Add("ranked page of 20 from 500 candidates", us[0], "µs CPU", atMost: 60);
        report.Add("latest page of 20", us[1], "µs CPU");
        report.Add("ranked page of 20 from 500 candidates, 200 of them to a linear model", us[2], "µs CPU", atMost: 60);
        report.Add("allocated by a ranked page", AllocatedBytes(world.ReadRanked), "B");
        report.Add("allocated by a ranked page, with the model", WithModel(() => AllocatedBytes(world.ReadRanked)), "B");
        await world.ShowAsync();
        var seen = Series.Interleaved(rounds, () => CpuUs(PagesPerRound, world.ReadRanked));
        report.Add($"ranked page of 20 from 500 candidates, {FeedWorld.Seen} of them seen before", seen[0], "µs CPU", atMost: 60);
        report.Add("allocated by a ranked page, some of it seen before", AllocatedBytes(world.ReadRanked), "B");
        Rebuilds(report, world, rounds);
        FanOut(report, world, rounds);

        double WithModel(Func<double> measure)
        {
            world.Engine.Plans.Use(new LinearModel());
            var measured = measure();
            world.Engine.Plans.Use((IRankingModel?)null);
            return measured;
        }
    }

    private static void Rebuilds(Report report, FeedWorld world, int rounds)
    {
        var (p50, p99, p99Cpu) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var (times, cpu) = (new LongHistogram(10_000_000_000, 3), new LongHistogram(10_000_000_000, 3));
            for (var i = 0; i < FeedWorld.Readers; i++)
            {
                world.DropInbox();
                var (began, beganCpu) = (Clocks.NowNs, Clocks.ThreadCpuNs);
                world.ReadReturning();
                cpu.RecordValue(Clocks.ThreadCpuNs - beganCpu);
                times.RecordValue(Clocks.NowNs - began);
            }
            if (round < 0)
                continue;
            p50.Add(times.GetValueAtPercentile(50) / 1e3);
            p99.Add(times.GetValueAtPercentile(99) / 1e3);
            p99Cpu.Add(cpu.GetValueAtPercentile(99) / 1e3);
        }
        report.Add("ranked page with a rebuild from 200 followees, p50", new Series(p50), "µs");
        report.Add("ranked page with a rebuild from 200 followees, p99", new Series(p99), "µs", atMost: 1_000);
        report.Add("the same, p99 of what the thread used of a core", new Series(p99Cpu), "µs CPU");
    }

    private static void FanOut(Report report, FeedWorld world, int rounds)
    {
        var series = Series.Interleaved(rounds, () => PerPost(false), () => PerPost(true));
        report.Add($"fan-out worker, a post to {FeedWorld.PushedFollowers:N0} online followers", series[0], "µs CPU");
        report.Add("fan-out worker, deliveries", new Series(series[0].Values.Select(us => FeedWorld.PushedFollowers / us)), "M/s");
        report.Add($"fan-out worker, a post of an author with {FeedWorld.PulledFollowers:N0} followers", series[1], "µs CPU");

        double PerPost(bool pulled)
        {
            world.Publish(pulled, PostsPerRound);
            var began = Clocks.ThreadCpuNs;
            world.DrainFanOut();
            return (Clocks.ThreadCpuNs - began) / 1e3 / PostsPerRound;
        }
    }

    private static double CpuUs(int times, Func<int> work)
    {
        var began = Clocks.ThreadCpuNs;
        for (var i = 0; i < times; i++)
            work();
        return (Clocks.ThreadCpuNs - began) / 1e3 / times;
    }

    private static double AllocatedBytes(Func<int> work)
    {
        const int times = 2_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
            work();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)times;
    }
}
