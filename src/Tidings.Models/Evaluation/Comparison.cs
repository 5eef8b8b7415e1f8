namespace Tidings.Models.Evaluation;

/// <param name="Figures">In the order of <see cref="SlateFigures.Names"/>.</param>
/// <param name="Ahead">How much the last ranker, the model, is ahead of this one, slate by slate; null for itself.</param>
public sealed record RankerResult(string Name, IReadOnlyList<Interval> Figures, IReadOnlyList<Interval>? Ahead);

/// <param name="Passed">Slates in which there was nothing to find, or nothing to tell it apart from.</param>
/// <param name="Positives">Candidates that came to something.</param>
public sealed record ComparisonResult(long Slates, long Passed, int Readers, long Candidates, long Positives, IReadOnlyList<RankerResult> Rankers);

/// <summary>Several rankers over the same slates; the last one is held against each of the others.</summary>
public sealed class Comparison(IReadOnlyList<Ranker> rankers)
{
    private readonly SlateOrder _order = new();
    private readonly List<string> _readers = [];
    private readonly List<SlateFigures>[] _figures = [.. rankers.Select(_ => new List<SlateFigures>())];
    private long _passed, _candidates, _positives;

    public void Add(Slate slate)
    {
        if (!slate.IsTelling)
        {
            _passed++;
            return;
        }
        _readers.Add(slate.Reader);
        _candidates += slate.Count;
        _positives += slate.Outcomes.Count(outcome => Slate.Gain(outcome) > 0);
        for (var r = 0; r < rankers.Count; r++)
            _figures[r].Add(_order.Figures(slate, rankers[r]));
    }

    public ComparisonResult Result()
    {
        var (count, figures) = (rankers.Count, SlateFigures.Names.Count);
        var series = new List<double[]>();
        for (var r = 0; r < count; r++)
        {
            for (var f = 0; f < figures; f++)
                series.Add([.. _figures[r].Select(s => s[f])]);
        }
        for (var r = 0; r < count - 1; r++)
        {
            for (var f = 0; f < figures; f++)
                series.Add([.. _figures[^1].Zip(_figures[r], (model, other) => model[f] - other[f])]);
        }
        var bootstrap = new Bootstrap(_readers);
        var intervals = bootstrap.Of(series);
        var results = rankers.Select((ranker, r) => new RankerResult(ranker.Name, Row(r), r == count - 1 ? null : Row(count + r)));
        return new ComparisonResult(_readers.Count, _passed, bootstrap.Readers, _candidates, _positives, [.. results]);

        Interval[] Row(int row) => intervals[(row * figures)..((row + 1) * figures)];
    }
}
