using System.Runtime.Intrinsics;

namespace Tidings.Models.Networks;

/// <summary>
/// <c>to = weights · from + biases</c>. Eight outputs are summed at a time, or four where a sum takes two of the machine's vectors: so many that none waits for
/// another, and so few that all stay in registers. The weights of four lie side by side, input by input, in the order in which they are read. The
/// order of the additions is fixed, and each is fused: the same bits on every machine.
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

    /// <summary>What comes out below zero becomes zero: a <see cref="Curve"/> that would come next, without another walk over the table.</summary>
    public bool IsRectified { get; init; }

    public Dense Rectified() => new(Inputs, Outputs, _weights, _biases[..Outputs]) { IsRectified = true };

    public override void Apply(ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        var o = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; o + AtOnce < Outputs; o += 2 * AtOnce)
                Eight(o, from, to.Slice(o, 2 * AtOnce));
        }
        // The tables have room for whole groups: what the last one has too many is overwritten or never read.
        for (; o < Outputs; o += AtOnce)
            Four(o, from, to.Slice(o, AtOnce));
        if (!IsRectified)
            return;
        foreach (ref var sum in to[..Outputs])
            sum = Vector512.Max(sum, Vector512<float>.Zero);
    }

    private void Eight(int o, ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        ReadOnlySpan<float> first = _packed.AsSpan(o * Inputs, Inputs * AtOnce), second = _packed.AsSpan((o + AtOnce) * Inputs, Inputs * AtOnce);
        Vector512<float> a = Bias(o), b = Bias(o + 1), c = Bias(o + 2), d = Bias(o + 3);
        Vector512<float> e = Bias(o + 4), f = Bias(o + 5), g = Bias(o + 6), h = Bias(o + 7);
        for (var i = 0; i < Inputs; i++)
        {
            var x = from[i];
            var four = first.Slice(i * AtOnce, AtOnce);
            var more = second.Slice(i * AtOnce, AtOnce);
            a = Vector512.FusedMultiplyAdd(Vector512.Create(four[0]), x, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Create(four[1]), x, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Create(four[2]), x, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Create(four[3]), x, d);
            e = Vector512.FusedMultiplyAdd(Vector512.Create(more[0]), x, e);
            f = Vector512.FusedMultiplyAdd(Vector512.Create(more[1]), x, f);
            g = Vector512.FusedMultiplyAdd(Vector512.Create(more[2]), x, g);
            h = Vector512.FusedMultiplyAdd(Vector512.Create(more[3]), x, h);
        }
        (to[0], to[1], to[2], to[3]) = (a, b, c, d);
        (to[4], to[5], to[6], to[7]) = (e, f, g, h);
    }

    private void Four(int o, ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        ReadOnlySpan<float> weights = _packed.AsSpan(o * Inputs, Inputs * AtOnce);
        Vector512<float> a = Bias(o), b = Bias(o + 1), c = Bias(o + 2), d = Bias(o + 3);
        for (var i = 0; i < Inputs; i++)
        {
            var x = from[i];
            var four = weights.Slice(i * AtOnce, AtOnce);
            a = Vector512.FusedMultiplyAdd(Vector512.Create(four[0]), x, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Create(four[1]), x, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Create(four[2]), x, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Create(four[3]), x, d);
        }
        (to[0], to[1], to[2], to[3]) = (a, b, c, d);
    }

    private Vector512<float> Bias(int output) => Vector512.Create(_biases[output]);
}
