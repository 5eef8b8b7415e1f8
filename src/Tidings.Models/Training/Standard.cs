using Tidings.Models.Networks;
using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>
/// Brings the features to one scale: held between the bounds that were seen, mean 0, deviation 1. A network learns from the scaled values; the scaling is
/// then folded into its first layer, so the file takes features as they are.
/// </summary>
internal sealed class Standard
{
    private readonly float[] _low = new float[Features.Count], _high = new float[Features.Count];
    private readonly double[] _mean = new double[Features.Count], _deviation = new double[Features.Count];

    /// <param name="without">Features that are held at their mean, so that nothing is learned of them.</param>
    public Standard(ReadOnlySpan<float> rows, IReadOnlyCollection<string> without)
    {
        var count = rows.Length / Features.Count;
        Array.Fill(_low, float.PositiveInfinity);
        Array.Fill(_high, float.NegativeInfinity);
        for (var i = 0; i < rows.Length; i++)
        {
            var f = i % Features.Count;
            (_low[f], _high[f]) = (Math.Min(_low[f], rows[i]), Math.Max(_high[f], rows[i]));
            _mean[f] += rows[i];
        }
        for (var f = 0; f < Features.Count; f++)
            _mean[f] /= count;
        for (var i = 0; i < rows.Length; i++)
        {
            var off = rows[i] - _mean[i % Features.Count];
            _deviation[i % Features.Count] += off * off;
        }
        // A feature that never changes says nothing, and is not blown up.
        for (var f = 0; f < Features.Count; f++)
            _deviation[f] = _deviation[f] > 1e-12 * count ? Math.Sqrt(_deviation[f] / count) : 1;
        foreach (var (f, name) in Features.Names.Index())
        {
            if (without.Contains(name))
                _low[f] = _high[f] = (float)_mean[f];
        }
    }

    public float[] Apply(ReadOnlySpan<float> rows)
    {
        var scaled = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var f = i % Features.Count;
            scaled[i] = (float)((Math.Clamp(rows[i], _low[f], _high[f]) - _mean[f]) / _deviation[f]);
        }
        return scaled;
    }

    /// <summary>The bounds, and the first layer with the scaling in its weights.</summary>
    public (Bounds Bounds, Dense First) Fold(Dense first)
    {
        var weights = new float[first.Inputs * first.Outputs];
        var biases = new float[first.Outputs];
        for (var o = 0; o < first.Outputs; o++)
        {
            double bias = first.Biases[o];
            for (var i = 0; i < first.Inputs; i++)
            {
                var weight = first.Weights[o * first.Inputs + i] / _deviation[i];
                weights[o * first.Inputs + i] = (float)weight;
                bias -= weight * _mean[i];
            }
            biases[o] = (float)bias;
        }
        return (new Bounds(_low, _high), new Dense(first.Inputs, first.Outputs, weights, biases));
    }
}
