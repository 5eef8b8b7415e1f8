using System.Numerics;

namespace Tidings.Models.Networks;

/// <summary>
/// One step of a network. Values lie with the candidates in the lanes: of each column, <see cref="Vectors"/> vectors side by side. So no step ever
/// adds across lanes, and a candidate's result depends neither on the width of the machine's vectors nor on who else is in the batch.
/// </summary>
internal abstract class Layer(int inputs, int outputs)
{
    /// <summary>Vectors of candidates that are computed at once: enough to keep two multipliers busy, few enough to stay in registers.</summary>
    public const int Vectors = 2;

    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <param name="from">Columns of <see cref="Inputs"/>.</param>
    /// <param name="to">Gets columns of <see cref="Outputs"/>.</param>
    public abstract void Apply(ReadOnlySpan<Vector<float>> from, Span<Vector<float>> to);
}

/// <summary>Holds each column between two bounds: what lies outside of all that was learned from is taken for its edge.</summary>
internal sealed class Bounds(float[] low, float[] high) : Layer(low.Length, low.Length)
{
    public ReadOnlySpan<float> Low => low;

    public ReadOnlySpan<float> High => high;

    public override void Apply(ReadOnlySpan<Vector<float>> from, Span<Vector<float>> to)
    {
        for (var c = 0; c < low.Length; c++)
        {
            var (min, max) = (new Vector<float>(low[c]), new Vector<float>(high[c]));
            for (var v = c * Vectors; v < (c + 1) * Vectors; v++)
                to[v] = Vector.Min(Vector.Max(from[v], min), max);
        }
    }
}

/// <summary>Each column times a factor, plus a shift.</summary>
internal sealed class Scale(float[] factors, float[] shifts) : Layer(factors.Length, factors.Length)
{
    public override void Apply(ReadOnlySpan<Vector<float>> from, Span<Vector<float>> to)
    {
        for (var c = 0; c < factors.Length; c++)
        {
            var (factor, shift) = (new Vector<float>(factors[c]), new Vector<float>(shifts[c]));
            for (var v = c * Vectors; v < (c + 1) * Vectors; v++)
                to[v] = from[v] * factor + shift;
        }
    }
}

internal enum Bend { Relu, Sigmoid, Tanh }

/// <summary>The same curve for every value.</summary>
internal sealed class Curve(Bend bend, int width) : Layer(width, width)
{
    public Bend Bend => bend;

    public override void Apply(ReadOnlySpan<Vector<float>> from, Span<Vector<float>> to)
    {
        for (var v = 0; v < Outputs * Vectors; v++)
        {
            to[v] = bend switch
            {
                Bend.Relu => Vector.Max(from[v], Vector<float>.Zero),
                Bend.Sigmoid => Sigmoid(from[v]),
                // tanh x = 2 · sigmoid(2x) − 1
                _ => Sigmoid(from[v] * 2) * 2 - Vector<float>.One,
            };
        }
    }

    /// <summary>The runtime's own exponential, written in C#: the same bits on every machine, which those of C libraries don't promise.</summary>
    public static Vector<float> Sigmoid(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));
}
