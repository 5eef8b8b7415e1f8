using System.Numerics;
using System.Runtime.InteropServices;
using Tidings.Models.Networks;

namespace Tidings.Models.Training;

/// <summary>
/// A dense layer while it learns: weights, their gradients, and Adam's two moments of these (Kingma and Ba, "Adam: a method for stochastic optimization",
/// ICLR 2015). All sums run over one index at a time with the other in the lanes, never across lanes: equal bits on every machine.
/// </summary>
internal sealed class TrainedLayer
{
    private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

    /// <summary>Input by input, the weights to all outputs; then the biases. Outputs are padded to whole vectors of the widest machine.</summary>
    private readonly float[] _weights, _gradients, _first, _second;
    private readonly int _inputs, _outputs, _stride;

    public TrainedLayer(int inputs, int outputs, SeededRandom random)
    {
        (_inputs, _outputs, _stride) = (inputs, outputs, (outputs + 15) / 16 * 16);
        _weights = new float[(inputs + 1) * _stride];
        (_gradients, _first, _second) = (new float[_weights.Length], new float[_weights.Length], new float[_weights.Length]);
        // He's uniform initialisation, for what passes through a Relu.
        var reach = Math.Sqrt(6.0 / inputs);
        for (var i = 0; i < inputs; i++)
        {
            for (var o = 0; o < outputs; o++)
                _weights[i * _stride + o] = (float)((random.Unit() * 2 - 1) * reach);
        }
    }

    /// <summary>Room for one row of outputs.</summary>
    public int Stride => _stride;

    public Span<float> Biases => _weights.AsSpan(_inputs * _stride, _outputs);

    public void Forward(ReadOnlySpan<float> from, Span<float> to)
    {
        _weights.AsSpan(_inputs * _stride, _stride).CopyTo(to);
        for (var i = 0; i < _inputs; i++)
        {
            if (from[i] != 0)
                AddScaled(_weights.AsSpan(i * _stride, _stride), from[i], to);
        }
    }

    /// <summary>Adds to the gradients of the weights and gives those of the inputs, where they are wanted.</summary>
    public void Backward(ReadOnlySpan<float> from, ReadOnlySpan<float> gradient, Span<float> ofInputs)
    {
        gradient = gradient[.._stride];
        AddScaled(gradient, 1, _gradients.AsSpan(_inputs * _stride, _stride));
        for (var i = 0; i < _inputs; i++)
        {
            if (from[i] != 0)
                AddScaled(gradient, from[i], _gradients.AsSpan(i * _stride, _stride));
        }
        for (var i = 0; i < ofInputs.Length && i < _inputs; i++)
        {
            var (weights, sum) = (i * _stride, 0f);
            for (var o = 0; o < _outputs; o++)
                sum = MathF.FusedMultiplyAdd(_weights[weights + o], gradient[o], sum);
            ofInputs[i] = sum;
        }
    }

    /// <param name="rows">How many rows the gradients are of.</param>
    /// <param name="step">Counted from 1.</param>
    public void Learn(int rows, int step, float rate, float weightDecay)
    {
        var correction = (float)(Math.Sqrt(1 - Power(Beta2, step)) / (1 - Power(Beta1, step)));
        for (var w = 0; w < _weights.Length; w++)
        {
            var gradient = _gradients[w] / rows + weightDecay * _weights[w];
            _first[w] = Beta1 * _first[w] + (1 - Beta1) * gradient;
            _second[w] = Beta2 * _second[w] + (1 - Beta2) * gradient * gradient;
            _weights[w] -= rate * correction * _first[w] / (MathF.Sqrt(_second[w]) + Epsilon);
        }
        Array.Clear(_gradients);
    }

    public Dense ToDense()
    {
        var weights = new float[_inputs * _outputs];
        for (var o = 0; o < _outputs; o++)
        {
            for (var i = 0; i < _inputs; i++)
                weights[o * _inputs + i] = _weights[i * _stride + o];
        }
        return new Dense(_inputs, _outputs, weights, Biases.ToArray());
    }

    private static void AddScaled(ReadOnlySpan<float> row, float factor, Span<float> to)
    {
        var scale = new Vector<float>(factor);
        var rows = MemoryMarshal.Cast<float, Vector<float>>(row);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(to);
        for (var v = 0; v < rows.Length; v++)
            sums[v] = Vector.FusedMultiplyAdd(rows[v], scale, sums[v]);
    }

    /// <summary>By squaring: C libraries don't agree on the last bit of pow.</summary>
    private static double Power(double x, int n)
    {
        var power = 1.0;
        for (; n > 0; n >>= 1, x *= x)
            power = (n & 1) != 0 ? power * x : power;
        return power;
    }
}
