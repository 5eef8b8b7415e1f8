using Tidings.Bench.Load;
using Tidings.Bench.Measuring;
using Tidings.Bench.Worlds;
using Tidings.Embedded;
using Tidings.Feeds;
using Tidings.Models;
using Tidings.People;
using Tidings.Ranking;

namespace Tidings.Bench.Quick;

/// <summary>
/// Pages in the engine over the load's world, for readers at random: what a page costs where no two reads in a row share anything in the processor's
/// caches, and nothing of HTTP. <c>quick</c> reads for a thousand readers in turn, which is kinder.
/// </summary>
internal static class EngineCommand
{
    private const int PagesPerRound = 10_000;

    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task<int> RunAsync(Arguments line)
    {
        var people = line.Number("--people", 20_000, 100, 1_000_000);
        var posts = line.Number("--posts", 200_000, 0, 10_000_000);
        var rounds = line.Number("--rounds", 7, 1, 10_000);
        var model = line.Text("--model", Path.Combine(ServerDll.RepositoryRoot(), "src/Tidings.Server/Scoring/default.onnx"));
        var kinds = line.Text("--kinds", "ranked,model,latest").Split(',');
        var json = line.Text("--json", "");
        line.End();

        var report = new Report("engine");
        report.Begin();
        using var world = await LoadWorld.MakeAsync(people, posts);
        await using var engine = await Engine.OpenAsync(new EmbeddedOptions { DataFolder = world.Folder });
        for (var person = 1; person <= people; person++)
            await ReadAsync(engine, person, FeedOrder.Ranked);
        var random = new Random(7);
        var trained = ModelFile.Open(model, static (_, name, _) => throw new UsageException($"{name} is no network of ours."));
        var us = Series.Interleaved(rounds, Array.ConvertAll<string, Func<double>>(kinds, kind => () =>
        {
            engine.Plans.Use(kind == "model" ? trained : null);
            var order = kind == "latest" ? FeedOrder.Latest : FeedOrder.Ranked;
            var began = Clocks.ThreadCpuNs;
            for (var i = 0; i < PagesPerRound; i++)
            {
                // Everything is in memory: no read waits.
                if (ReadAsync(engine, 1 + random.Next(people), order) is { IsCompletedSuccessfully: false } waiting)
                    waiting.AsTask().Wait();
            }
            return (Clocks.ThreadCpuNs - began) / 1e3 / PagesPerRound;
        }));
        for (var k = 0; k < kinds.Length; k++)
            report.Add($"{kinds[k]}: page of 20 for readers at random", us[k], "µs CPU");
        await report.EndAsync(json);
        return 0;
    }

    private static async ValueTask ReadAsync(Engine engine, long reader, FeedOrder order)
    {
        using var page = (await engine.ReadFeed.ExecuteAsync(new UserId(reader), new FeedQuery(order, FeedQuery.LimitDefault, null), None)).Value;
    }
}
