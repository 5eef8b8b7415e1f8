using Tidings.Bench.Measuring;

namespace Tidings.Bench.Load;

/// <summary>
/// Two builds of the server beside the bare endpoint, in turns within one run, over two copies of one world: whether a change pays, on a machine that
/// others use too. Closed loop; the CPU of a request is what the server's process used.
/// </summary>
internal static class PairCommand
{
    private sealed record Plan(int People, int Connections, TimeSpan Time, int Rounds, string[] Kinds);

    public static async Task<int> RunAsync(Arguments line)
    {
        var plan = new Plan(
            line.Number("--people", 20_000, 100, 1_000_000), line.Number("--connections", 64, 2, 1_024),
            TimeSpan.FromSeconds(line.Number("--seconds", 2, 1, 600)), line.Number("--rounds", 7, 1, 1_000),
            line.Text("--kinds", "ranked,latest,post").Split(','));
        var posts = line.Number("--posts", 200_000, 0, 10_000_000);
        var (after, before) = (ServerDll.Of(line), line.Text("--against", ""));
        var json = line.Text("--json", "");
        line.End();
        if (before.Length > 0 && !File.Exists(before))
            throw new UsageException($"--against {before}: there is no such file.");

        var report = new Report("pair");
        report.Begin();
        using var world = await LoadWorld.MakeAsync(plan.People, posts);
        using var copy = before.Length > 0 ? world.Copy() : null;
        using var now = await Child.TidingsAsync(after, world.Folder);
        using var then = copy is null ? null : await Child.TidingsAsync(before, copy.Path);
        var who = new Credentials(world.Key);
        using var loopNow = new LoadLoop(now.Address, plan.Connections);
        using var loopThen = then is null ? null : new LoadLoop(then.Address, plan.Connections);
        var pageBytes = Warm(loopNow, who, plan.People);
        if (loopThen is not null)
            Warm(loopThen, who, plan.People);
        using var ceiling = await Child.CeilingAsync(pageBytes);
        using var loopCeiling = new LoadLoop(ceiling.Address, plan.Connections);

        foreach (var kind in plan.Kinds)
        {
            List<Side> sides = [new Side("bare", loopCeiling, ceiling), new Side("now", loopNow, now)];
            if (then is not null)
                sides.Add(new Side("then", loopThen!, then));
            Measure(report, plan, who, kind, sides);
        }
        await report.EndAsync(json);
        return 0;
    }

    private static int Warm(LoadLoop loop, Credentials who, int people)
    {
        var first = new FirstReads(who, [.. Enumerable.Range(1, people)]);
        loop.Run(TimeSpan.FromMinutes(10), () => first.IsDone, first);
        return (int)(first.BytesReceived / Math.Max(1, first.Answered));
    }

    private static void Measure(Report report, Plan plan, Credentials who, string kind, List<Side> sides)
    {
        Report.Section($"{kind}: {plan.Connections} connections, {plan.Time.TotalSeconds:0} s a round, {plan.Rounds} rounds in turns");
        var random = new Random(7);
        var perSecond = Series.Interleaved(plan.Rounds, [.. sides.Select(side => (Func<double>)(() => side.Round(plan.Time, Stream(side))))]);
        for (var s = 0; s < sides.Count; s++)
        {
            report.Add($"{kind}, {sides[s].Name}", perSecond[s], "/s");
            report.Add($"{kind}, {sides[s].Name}, server CPU a request", new Series(sides[s].CpuUs.Skip(1)), "µs");
        }
        for (var s = 1; s < sides.Count; s++)
            report.Add($"{kind}, {sides[s].Name} ÷ bare", perSecond[s].Over(perSecond[0]).Times(100), "%");
        if (sides.Count > 2)
        {
            report.Add($"{kind}, now ÷ then", perSecond[1].Over(perSecond[2]).Times(100), "%");
            report.Add($"{kind}, now ÷ then, CPU", new Series(sides[1].CpuUs.Skip(1)).Over(new Series(sides[2].CpuUs.Skip(1))).Times(100), "%");
        }

        LoadStream Stream(Side side) => (kind, side.Name) switch
        {
            ("post", "bare") => new CeilingStream(who, post: true, 0),
            (_, "bare") => new CeilingStream(who, post: false, 0),
            ("post", _) => new PostStream(who, plan.People, random, 0),
            ("ranked" or "latest", _) => new FeedStream(who, kind == "ranked", plan.People, random, 0),
            _ => throw new UsageException($"--kinds: {kind} is none of ranked, latest, post."),
        };
    }

    private sealed record Side(string Name, LoadLoop Loop, Child Child)
    {
        public List<double> CpuUs { get; } = [];

        public double Round(TimeSpan time, LoadStream stream)
        {
            var before = Child.CpuSeconds;
            var seconds = Loop.Run(time, stream);
            CpuUs.Add((Child.CpuSeconds - before) * 1e6 / Math.Max(1, stream.Answered));
            if (stream.Failed > 0)
                Console.WriteLine($"  {Name}: {stream.Say()}");
            return stream.Answered / seconds;
        }
    }
}
