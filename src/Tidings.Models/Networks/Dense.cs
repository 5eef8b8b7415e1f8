using System.Numerics;

namespace Tidings.Models.Networks;

/// <summary>
/// <c>to = weights · from + biases</c>. Four outputs are summed at a time over <see cref="Layer.Vectors"/> vectors of candidates: eight sums that don't
/// wait for each other. Their weights lie side by side, input by input, in the order in which they are read. The order of the additions is
/// fixed, and each is fused: the same bits on every machine.
/// </summary>
internal sealed class Dense : Layer
{
    private const int AtOnce = 4;

    private readonly float[] _weights;
    private readonly float[] _packed;
    private readonly float[] _biases;

    /// <param name="weights">A row of inputs for each output.</param>
    public Dense(int inputs, int outputs, float[] weights, float[] biases) : base(inputs, outputs)
    {
        if (weights.Length != inputs * outputs || biases.Length != outputs)
            throw new ArgumentException($"{inputs} × {outputs} have {weights.Length} weights and {biases.Length} biases.", nameof(weights));
        _weights = weights;
        var groups = (outputs + AtOnce - 1) / AtOnce;
        _biases = new float[groups * AtOnce];
        biases.CopyTo(_biases, 0);
        _packed = new float[groups * AtOnce * inputs];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
                _packed[(o / AtOnce * inputs + i) * AtOnce + o % AtOnce] = weights[o * inputs + i];
        }
    }

    public ReadOnlySpan<float> Weights => _weights;

    public ReadOnlySpan<float> Biases => _biases.AsSpan(0, Outputs);

    public override void Apply(ReadOnlySpan<Vector<float>> from, Span<Vector<float>> to)
    {
        for (var o = 0; o < Outputs; o += AtOnce)
        {
            ReadOnlySpan<float> weights = _packed.AsSpan(o * Inputs, Inputs * AtOnce);
            Vector<float> a0 = new(_biases[o]), b0 = new(_biases[o + 1]), c0 = new(_biases[o + 2]), d0 = new(_biases[o + 3]);
            Vector<float> a1 = a0, b1 = b0, c1 = c0, d1 = d0;
            for (var i = 0; i < Inputs; i++)
            {
                var (x0, x1) = (from[i * Vectors], from[i * Vectors + 1]);
                var row = weights.Slice(i * AtOnce, AtOnce);
                Vector<float> a = new(row[0]), b = new(row[1]), c = new(row[2]), d = new(row[3]);
                a0 = Vector.FusedMultiplyAdd(a, x0, a0);
                a1 = Vector.FusedMultiplyAdd(a, x1, a1);
                b0 = Vector.FusedMultiplyAdd(b, x0, b0);
                b1 = Vector.FusedMultiplyAdd(b, x1, b1);
                c0 = Vector.FusedMultiplyAdd(c, x0, c0);
                c1 = Vector.FusedMultiplyAdd(c, x1, c1);
                d0 = Vector.FusedMultiplyAdd(d, x0, d0);
                d1 = Vector.FusedMultiplyAdd(d, x1, d1);
            }
            // The tables have room for whole groups: what the last one has too many is overwritten or never read.
            var sums = to.Slice(o * Vectors, AtOnce * Vectors);
            (sums[0], sums[1], sums[2], sums[3]) = (a0, a1, b0, b1);
            (sums[4], sums[5], sums[6], sums[7]) = (c0, c1, d0, d1);
        }
    }
}
