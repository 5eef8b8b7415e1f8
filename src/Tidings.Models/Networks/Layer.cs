using System.Numerics;
using System.Runtime.Intrinsics;

namespace Tidings.Models.Networks;

/// <summary>
/// One step of a network. Values lie with the candidates in the lanes, a column for each input or output; on a machine whose vectors are narrower the runtime
/// takes each in pieces. So no step ever adds across lanes, and a candidate's result depends neither on the width of the machine's vectors nor
/// on who else is in the batch.
/// </summary>
internal abstract class Layer(int inputs, int outputs)
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <param name="from">Columns of <see cref="Inputs"/>.</param>
    /// <param name="to">Gets columns of <see cref="Outputs"/>.</param>
    public abstract void Apply(ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to);
}

/// <summary>Holds each column between two bounds: what lies outside of all that was learned from is taken for its edge.</summary>
internal sealed class Bounds(float[] low, float[] high) : Layer(low.Length, low.Length)
{
    public ReadOnlySpan<float> Low => low;

    public ReadOnlySpan<float> High => high;

    public override void Apply(ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        for (var c = 0; c < low.Length; c++)
            to[c] = Vector512.Min(Vector512.Max(from[c], Vector512.Create(low[c])), Vector512.Create(high[c]));
    }
}

/// <summary>Each column times a factor, plus a shift.</summary>
internal sealed class Scale(float[] factors, float[] shifts) : Layer(factors.Length, factors.Length)
{
    public override void Apply(ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        for (var c = 0; c < factors.Length; c++)
            to[c] = from[c] * factors[c] + Vector512.Create(shifts[c]);
    }
}

internal enum Bend { Relu, Sigmoid, Tanh }

/// <summary>The same curve for every value.</summary>
internal sealed class Curve(Bend bend, int width) : Layer(width, width)
{
    public Bend Bend => bend;

    public override void Apply(ReadOnlySpan<Vector512<float>> from, Span<Vector512<float>> to)
    {
        for (var c = 0; c < Outputs; c++)
        {
            to[c] = bend switch
            {
                Bend.Relu => Vector512.Max(from[c], Vector512<float>.Zero),
                Bend.Sigmoid => Sigmoid(from[c]),
                // tanh x = 2 · sigmoid(2x) − 1
                _ => Sigmoid(from[c] * 2) * 2 - Vector512<float>.One,
            };
        }
    }

    /// <summary>The runtime's own exponential, written in C#: the same bits on every machine, which those of C libraries don't promise.</summary>
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    /// <inheritdoc cref="Sigmoid(Vector{float})"/>
    public static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));
}
