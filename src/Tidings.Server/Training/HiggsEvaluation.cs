using System.Globalization;
using Tidings.Import;
using Tidings.Models.Evaluation;
using Tidings.Models.Training;
using Tidings.Ranking;

namespace Tidings.Server.Training;

/// <summary>
/// An activity log, split by time: what is before builds state and trains a model with the shipped code, what is after is ranked by time, by the formulas, by
/// the given model and by the trained one. Once with ties grown from the log, once with each graph.
/// </summary>
internal sealed class HiggsEvaluation(
    string logPath, IReadOnlyList<string> graphs, double split, bool authors, ulong seed, long badLinesMax, TextWriter write)
{
    /// <summary>Slates that are learned from, drawn evenly from all before the split.</summary>
    private const int LearnedMax = 20_000;

    public void Run(IRankingModel model, string? saveModel, TimeProvider clock, CancellationToken ct)
    {
        var log = ReadLog(logPath, clock);
        if (log.Count < 2)
            throw new TrainingException($"{Path.GetFileName(logPath)} has {log.Count} events.");
        var splitAt = log[(int)(log.Count * split)].UnixMs;
        write.WriteLine(Text($"{Path.GetFileName(logPath)}: {log.Count:N0} events; split at {DateTimeOffset.FromUnixTimeMilliseconds(splitAt):yyyy-MM-dd HH:mm:ss} UTC. Ranked are {(authors ? "authors, by their newest post" : "posts: of each author one an hour, made when first passed on")}."));
        Run("Ties grown from the log: whom the actor retweeted, answered or mentioned before", log, TieSource.Grown, [], splitAt, model, saveModel, ct);
        foreach (var graph in graphs)
            Run($"Ties of {Path.GetFileName(graph)}", log, TieSource.Given, ReadGraph(graph), splitAt, model, saveModel: null, ct);
    }

    private void Run(
        string title, List<ActivityLine> log, TieSource source, IEnumerable<EdgeLine> graph, long splitAt, IRankingModel model, string? saveModel, CancellationToken ct)
    {
        var slates = new ActivitySlates(log, source, graph, new ActivityOptions { Authors = authors });
        using var walk = slates.Walk().GetEnumerator();
        var (before, seen, random) = (new List<LabelledSlate>(), 0L, new Random((int)seed));
        var more = walk.MoveNext();
        for (; more && walk.Current.UnixMs < splitAt; more = walk.MoveNext())
        {
            ct.ThrowIfCancellationRequested();
            // Vitter's reservoir: each slate is kept with the same chance, however many there will be.
            if (before.Count < LearnedMax)
                before.Add(walk.Current);
            else if (random.NextInt64(seen + 1) is var place && place < LearnedMax)
                before[(int)place] = walk.Current;
            seen++;
        }
        var (_, trained, file) = new ModelTraining(new TrainingOptions { Seed = seed }, "trained before the split")
            .Learn([.. before.OrderBy(slate => slate.UnixMs)], null, ct);
        var comparison = new Comparison([Ranker.Time, Ranker.Seed, Ranker.Base, Ranker.Of(model, $"{model.Name} (given)"), Ranker.Of(trained)]);
        for (; more; more = walk.MoveNext())
        {
            ct.ThrowIfCancellationRequested();
            comparison.Add(walk.Current);
        }
        var (oneself, strangers, first, none) = slates.LeftOut;
        write.WriteLine();
        write.WriteLine(title);
        write.WriteLine(Text($"Learned from {before.Count:N0} of {seen:N0} slates before the split. Left out over the whole log: {oneself:N0} events of oneself, {strangers:N0} of people not followed, {first:N0} that are the only trace of their post, {none:N0} without a choice."));
        FigureTable.Write(write, comparison.Result());
        if (saveModel is not null)
            File.WriteAllBytes(saveModel, file);
    }

    private List<ActivityLine> ReadLog(string path, TimeProvider clock)
    {
        using var source = SourceFile.Open(path);
        var bad = new BadLines(badLinesMax);
        var reader = new ActivityReader(source.Content, bad, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (lines, some) = (new List<ActivityLine>(), new ActivityLine[16_384]);
        int read;
        while ((read = reader.Read(some)) > 0)
            lines.AddRange(some.AsSpan(0, read));
        if (bad.Count > 0)
            write.WriteLine(Text($"{source.Name}: {bad.Count:N0} bad lines were passed over, the first: line {bad.First[0].Line:N0}, {bad.First[0].Reason}"));
        return lines;
    }

    private List<EdgeLine> ReadGraph(string path)
    {
        using var source = SourceFile.Open(path);
        var reader = new EdgeListReader(source.Content, new BadLines(badLinesMax));
        var (edges, some) = (new List<EdgeLine>(), new EdgeLine[16_384]);
        int read;
        while ((read = reader.Read(some)) > 0)
            edges.AddRange(some.AsSpan(0, read));
        return edges;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
