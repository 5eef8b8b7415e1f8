using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>
/// What a slate's predictions cost: the log loss of the heads, candidate by candidate, which makes each mean what it says; and, times a weight, how far the slate's
/// order is from what came of it. For that, a candidate's strength is what it is expected to bring, <c>v = p_like + 2·p_comment + 3·p_share</c>, and the
/// chance that it is the one that is picked is <c>P_i = v_i / Σv</c> (Luce, "Individual Choice Behavior", 1959). The cost is the cross entropy of P with the slate's gains as
/// shares (ListNet: Cao and others, "Learning to rank: from pairwise approach to listwise approach", ICML 2007). It looks within slates only, so a model
/// can't live on telling busy readers from quiet ones, which orders nothing. A hide is left to the heads.
/// </summary>
internal sealed class SlateLoss(double orderWeight)
{
    private const double Least = 1e-7;

    private static readonly float[] Worth = [HeadWeights.Default.Like, HeadWeights.Default.Comment, HeadWeights.Default.Share, 0];

    private float[] _gradients = [];
    private double[] _strengths = [];

    /// <param name="heads">Probabilities, a row for each candidate; a table may be longer than the targets.</param>
    /// <param name="targets">0 or 1 for each.</param>
    /// <returns>The gradients by the heads' logits, valid until the next call.</returns>
    public ReadOnlySpan<float> Gradients(ReadOnlySpan<float> heads, ReadOnlySpan<float> targets)
    {
        if (_gradients.Length < targets.Length)
            _gradients = new float[targets.Length];
        for (var t = 0; t < targets.Length; t++)
            _gradients[t] = heads[t] - targets[t];
        var (strength, gain) = Sums(heads, targets);
        if (orderWeight == 0 || gain == 0)
            return _gradients.AsSpan(0, targets.Length);

        for (var i = 0; i < targets.Length / Heads.Count; i++)
        {
            var row = i * Heads.Count;
            var off = orderWeight * (_strengths[i] / strength - Gain(targets.Slice(row, Heads.Count)) / gain) / _strengths[i];
            for (var h = 0; h < Heads.Count; h++)
                _gradients[row + h] += (float)(off * Worth[h] * heads[row + h] * (1 - heads[row + h]));
        }
        return _gradients.AsSpan(0, targets.Length);
    }

    /// <inheritdoc cref="Gradients"/>
    /// <returns>The sum over the candidates.</returns>
    public double Of(ReadOnlySpan<float> heads, ReadOnlySpan<float> targets)
    {
        var loss = 0.0;
        for (var t = 0; t < targets.Length; t++)
        {
            var p = Math.Clamp(heads[t], Least, 1 - Least);
            loss -= Math.Log(targets[t] > 0 ? p : 1 - p);
        }
        var (strength, gain) = Sums(heads, targets);
        for (var i = 0; gain > 0 && i < targets.Length / Heads.Count; i++)
            loss -= orderWeight * Gain(targets.Slice(i * Heads.Count, Heads.Count)) / gain * Math.Log(_strengths[i] / strength);
        return loss;
    }

    private (double Strength, double Gain) Sums(ReadOnlySpan<float> heads, ReadOnlySpan<float> targets)
    {
        var count = targets.Length / Heads.Count;
        if (_strengths.Length < count)
            _strengths = new double[count];
        var (strength, gain) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var row = i * Heads.Count;
            _strengths[i] = Least;
            for (var h = 0; h < Heads.Count; h++)
                _strengths[i] += Worth[h] * heads[row + h];
            strength += _strengths[i];
            gain += Gain(targets.Slice(row, Heads.Count));
        }
        return (strength, gain);
    }

    /// <summary>What evaluation counts, too: a hide leaves nothing.</summary>
    private static double Gain(ReadOnlySpan<float> targets)
    {
        var gain = 0f;
        for (var h = 0; h < Heads.Count; h++)
            gain += Worth[h] * targets[h];
        return targets[Heads.Hide] > 0 ? 0 : gain;
    }
}
