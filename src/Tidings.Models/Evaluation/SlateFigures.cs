namespace Tidings.Models.Evaluation;

/// <param name="ReciprocalRank">1 / the rank of the first candidate that came to anything; its mean is MRR.</param>
/// <param name="Ndcg">At 10, with the gains of <see cref="LabelledSlate.Gain"/> as they are (Järvelin and Kekäläinen, TOIS 2002).</param>
/// <param name="Hit">1 where the first 10 hold a candidate that came to anything.</param>
public readonly record struct SlateFigures(double ReciprocalRank, double Ndcg, double Hit)
{
    public const int Top = 10;

    public static readonly IReadOnlyList<string> Names = ["MRR", "nDCG@10", "hit@10"];

    public double this[int figure] => figure switch { 0 => ReciprocalRank, 1 => Ndcg, _ => Hit };
}

/// <summary>
/// Orders a slate by scores and says how well that found what came to something. Of equal scores the newer is first, as when serving; where that is
/// equal, too, the candidates' ids decide, hashed, so that neither the place in the file nor a rising id tells anything.
/// </summary>
public sealed class SlateOrder
{
    private (double Score, long UnixMs, ulong Draw)[] _keys = [];
    private int[] _order = [];
    private double[] _scores = [];

    public SlateFigures Figures(LabelledSlate slate, Ranker ranker)
    {
        var order = Order(slate, ranker);
        var (first, dcg, hit) = (0, 0.0, 0);
        for (var rank = 1; rank <= order.Length; rank++)
        {
            var gain = LabelledSlate.Gain(slate.Outcomes[order[rank - 1]]);
            if (gain == 0)
                continue;
            first = first == 0 ? rank : first;
            if (rank > SlateFigures.Top)
                break;
            dcg += gain / Math.Log2(rank + 1);
            hit = 1;
        }
        return new SlateFigures(first == 0 ? 0 : 1.0 / first, dcg / Ideal(slate), hit);
    }

    /// <returns>The candidates' indices, best first; valid until the next call.</returns>
    public ReadOnlySpan<int> Order(LabelledSlate slate, Ranker ranker)
    {
        var count = slate.Count;
        if (_order.Length < count)
            (_keys, _order, _scores) = (new (double, long, ulong)[count], new int[count], new double[count]);
        ranker.Score(slate, _scores.AsSpan(0, count));
        for (var i = 0; i < count; i++)
        {
            // Keys sort rising: what no ranker should give, a score that is no number, comes last.
            _keys[i] = (double.IsNaN(_scores[i]) ? double.PositiveInfinity : -_scores[i], -slate.Facts[i].PublishedUnixMs, Training.SeededRandom.Mix(slate.Ids[i] + 1));
            _order[i] = i;
        }
        _keys.AsSpan(0, count).Sort(_order.AsSpan(0, count));
        return _order.AsSpan(0, count);
    }

    private static double Ideal(LabelledSlate slate)
    {
        var gains = slate.Outcomes.Select(LabelledSlate.Gain).Where(gain => gain > 0).OrderDescending().Take(SlateFigures.Top);
        return gains.Index().Sum(g => g.Item / Math.Log2(g.Index + 2));
    }
}
