namespace Tidings.Models.Evaluation;

/// <param name="Figures">In the order of <see cref="SlateFigures.Names"/>.</param>
public sealed record RankerResult(string Name, IReadOnlyList<Interval> Figures);

/// <summary>How much one ranker is ahead of another, slate by slate.</summary>
/// <param name="Ahead">In the order of <see cref="SlateFigures.Names"/>; below 0 where it is behind.</param>
public sealed record PairResult(string Model, string Other, IReadOnlyList<Interval> Ahead);

/// <param name="Passed">Slates in which there was nothing to find, or nothing to tell it apart from.</param>
/// <param name="Positives">Candidates that came to something.</param>
public sealed record ComparisonResult(long Slates, long Passed, int Readers, long Candidates, long Positives,
    IReadOnlyList<RankerResult> Rankers, IReadOnlyList<PairResult> Pairs);

/// <summary>Several rankers over the same slates. Each model is held against each formula, and against each model before it.</summary>
public sealed class Comparison(IReadOnlyList<Ranker> rankers)
{
    private readonly SlateOrder _order = new();
    private readonly List<string> _readers = [];
    private readonly List<SlateFigures>[] _figures = [.. rankers.Select(_ => new List<SlateFigures>())];
    private long _passed, _candidates, _positives;

    public void Add(LabelledSlate slate)
    {
        if (!slate.IsTelling)
        {
            _passed++;
            return;
        }
        _readers.Add(slate.Reader);
        _candidates += slate.Count;
        _positives += slate.Outcomes.Count(outcome => LabelledSlate.Gain(outcome) > 0);
        for (var r = 0; r < rankers.Count; r++)
            _figures[r].Add(_order.Figures(slate, rankers[r]));
    }

    public ComparisonResult Result()
    {
        var figures = SlateFigures.Names.Count;
        var pairs = rankers.Index().Where(model => model.Item.IsModel)
            .SelectMany(model => rankers.Index().Take(model.Index).Select(other => (Model: model.Index, Other: other.Index))).ToList();
        var series = new List<double[]>();
        for (var r = 0; r < rankers.Count; r++)
        {
            for (var f = 0; f < figures; f++)
                series.Add([.. _figures[r].Select(s => s[f])]);
        }
        foreach (var (model, other) in pairs)
        {
            for (var f = 0; f < figures; f++)
                series.Add([.. _figures[model].Zip(_figures[other], (a, b) => a[f] - b[f])]);
        }
        var bootstrap = new Bootstrap(_readers);
        var intervals = bootstrap.Of(series);
        return new ComparisonResult(_readers.Count, _passed, bootstrap.Readers, _candidates, _positives,
            [.. rankers.Select((ranker, r) => new RankerResult(ranker.Name, Row(r)))],
            [.. pairs.Select((pair, p) => new PairResult(rankers[pair.Model].Name, rankers[pair.Other].Name, Row(rankers.Count + p)))]);

        Interval[] Row(int row) => intervals[(row * figures)..((row + 1) * figures)];
    }
}
