using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <param name="Predicted">Mean prediction of the candidates in the bin.</param>
/// <param name="Observed">The share of them in which the head came true.</param>
public readonly record struct CalibrationBin(double Predicted, double Observed, long Count);

/// <summary>How good the predictions of one head are.</summary>
/// <param name="Auc">The chance that of two candidates, one where the head came true and one where not, the first is predicted higher; not a number
/// where one of the two is missing.</param>
/// <param name="LogLoss">Mean, in nats.</param>
/// <param name="BaseLogLoss">Of always predicting the rate.</param>
/// <param name="CalibrationError">Mean distance of predicted and observed over the bins, weighted by their size.</param>
public sealed record HeadFigures(string Head, long Positives, double Rate, double Auc, double LogLoss, double BaseLogLoss, double CalibrationError,
    IReadOnlyList<CalibrationBin> Bins)
{
    private const int BinCount = 10;

    public static IReadOnlyList<HeadFigures> Of(IRankingModel model, IReadOnlyList<LabelledSlate> slates)
    {
        var count = slates.Sum(slate => slate.Count);
        var predicted = new float[Heads.Count][];
        var came = new bool[Heads.Count][];
        for (var h = 0; h < Heads.Count; h++)
            (predicted[h], came[h]) = (new float[count], new bool[count]);
        var at = 0;
        foreach (var slate in slates)
        {
            var heads = new float[slate.Count * Heads.Count];
            model.Predict(slate.Features, slate.Count, heads);
            for (var i = 0; i < slate.Count; i++, at++)
            {
                for (var h = 0; h < Heads.Count; h++)
                    (predicted[h][at], came[h][at]) = (heads[i * Heads.Count + h], ((int)slate.Outcomes[i] >> h & 1) != 0);
            }
        }
        return [.. Enumerable.Range(0, Heads.Count).Select(h => Of(Heads.Names[h], predicted[h], came[h]))];
    }

    /// <summary>Sorts its arguments.</summary>
    public static HeadFigures Of(string head, float[] predicted, bool[] came)
    {
        Array.Sort(predicted, came);
        var (positives, loss) = (0L, 0.0);
        for (var i = 0; i < came.Length; i++)
        {
            positives += came[i] ? 1 : 0;
            var p = Math.Clamp(predicted[i], 1e-7, 1 - 1e-7);
            loss -= Math.Log(came[i] ? p : 1 - p);
        }
        var rate = came.Length == 0 ? 0 : (double)positives / came.Length;
        var entropy = rate is 0 or 1 ? 0 : -rate * Math.Log(rate) - (1 - rate) * Math.Log(1 - rate);
        var bins = Tenths(predicted, came);
        var error = bins.Sum(bin => Math.Abs(bin.Predicted - bin.Observed) * bin.Count) / Math.Max(1, came.Length);
        return new HeadFigures(head, positives, rate, AreaUnderCurve(predicted, came, positives), loss / Math.Max(1, came.Length), entropy, error, bins);
    }

    /// <summary>By the ranks of the positives (Mann and Whitney); equal predictions share the mean of their ranks.</summary>
    private static double AreaUnderCurve(float[] predicted, bool[] came, long positives)
    {
        var rankSum = 0.0;
        for (var from = 0; from < predicted.Length;)
        {
            var (to, among) = (from, 0L);
            for (; to < predicted.Length && predicted[to] == predicted[from]; to++)
                among += came[to] ? 1 : 0;
            rankSum += among * (from + 1 + to) / 2.0;
            from = Math.Max(to, from + 1);
        }
        var negatives = predicted.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (rankSum - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }

    /// <summary>Tenths of the candidates, by prediction.</summary>
    private static List<CalibrationBin> Tenths(float[] predicted, bool[] came)
    {
        var bins = new List<CalibrationBin>();
        for (var b = 0; b < BinCount; b++)
        {
            var (from, to) = ((int)((long)predicted.Length * b / BinCount), (int)((long)predicted.Length * (b + 1) / BinCount));
            var (sum, positives) = (0.0, 0L);
            for (var i = from; i < to; i++)
            {
                sum += predicted[i];
                positives += came[i] ? 1 : 0;
            }
            if (to > from)
                bins.Add(new CalibrationBin(sum / (to - from), (double)positives / (to - from), to - from));
        }
        return bins;
    }
}
