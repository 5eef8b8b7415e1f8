using System.Numerics;
using Tidings.Models.Networks;
using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Any number; the same gives the same file. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the rows. 1 to 100; default 8. The pass that does best on the rows held back is kept.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Values of the first hidden layer. 4 to 256; default 32.</summary>
    public int Hidden1 { get; init; } = 32;

    /// <summary>Of the second. 4 to 256; default 16.</summary>
    public int Hidden2 { get; init; } = 16;

    /// <summary>Share of the slates, the latest, that nothing is learned from: they say how good the model is. 0.05 to 0.5; default 0.2.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>Features, by name, that the model shall not look at: those that say something else where it learns than where it serves. Default none.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <returns>Null, or what is out of its range.</returns>
    public string? Check() => Without.FirstOrDefault(name => !Features.Names.Contains(name)) is { } unknown
        ? $"There is no feature {ModelFile.Quoted(unknown)}; there are {string.Join(", ", Features.Names)}."
        : CheckNumbers();

    private string? CheckNumbers() => (Epochs, Hidden1, Hidden2, HeldOut) switch
    {
        ( < 1 or > 100, _, _, _) => $"The epochs are 1 to 100; this is {Epochs}.",
        (_, < 4 or > ModelLimits.LayerWidthMax, _, _) or (_, _, < 4 or > ModelLimits.LayerWidthMax, _) =>
            $"A hidden layer has 4 to {ModelLimits.LayerWidthMax} values; these have {Hidden1} and {Hidden2}.",
        (_, _, _, < 0.05 or > 0.5) or (_, _, _, double.NaN) => FormattableString.Invariant($"Held out are 0.05 to 0.5 of the slates; this is {HeldOut}."),
        _ => null,
    };
}

/// <summary>
/// Trains the small network: features → 32 → 16 → four heads, Relu between, a sigmoid for each head; the loss is the heads' log loss. Adam over
/// mini-batches of <see cref="BatchRows"/>, the rate falling to a tenth; rows in an order drawn anew for each pass. The pass whose weights do best on
/// the validation rows is kept. The same options and rows give the same bits.
/// </summary>
internal sealed class NetworkTrainer(TrainingOptions options)
{
    private const int BatchRows = 256;
    private const float Rate = 2e-3f, RateEnd = 2e-4f, WeightDecay = 1e-5f;

    private readonly float[] _hidden1 = new float[512], _hidden2 = new float[512], _out = new float[16];
    private readonly float[] _gradient1 = new float[512], _gradient2 = new float[512];

    /// <param name="progress">Told the pass, how much of it is done, and the loss on the validation rows after each.</param>
    public IReadOnlyList<Layer> Train(TrainingRows rows, TrainingRows validation, Action<int, double, double?>? progress, CancellationToken ct)
    {
        var random = new SeededRandom(options.Seed);
        var standard = new Standard(rows.Features, options.Without);
        var features = standard.Apply(rows.Features);
        var held = standard.Apply(validation.Features);
        TrainedLayer[] layers =
        [
            new(Features.Count, options.Hidden1, random), new(options.Hidden1, options.Hidden2, random), new(options.Hidden2, Heads.Count, random),
        ];
        StartAt(rows.Rates(), layers[^1]);

        var order = Enumerable.Range(0, rows.Count).ToArray();
        var steps = (int)Math.Min(int.MaxValue, (long)options.Epochs * ((rows.Count + BatchRows - 1) / BatchRows));
        var (step, best, kept) = (0, double.PositiveInfinity, Array.Empty<Dense>());
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            random.Shuffle<int>(order);
            for (var from = 0; from < order.Length; from += BatchRows)
            {
                ct.ThrowIfCancellationRequested();
                var batch = order.AsSpan(from, Math.Min(BatchRows, order.Length - from));
                foreach (var row in batch)
                    Learn(layers, features.AsSpan(row * Features.Count, Features.Count), rows.Targets.AsSpan(row * Heads.Count, Heads.Count));
                step++;
                var rate = Rate + (RateEnd - Rate) * step / steps;
                foreach (var layer in layers)
                    layer.Learn(batch.Length, step, rate, WeightDecay);
                progress?.Invoke(epoch + 1, (double)(from + batch.Length) / order.Length, null);
            }
            var loss = validation.Count == 0 ? -epoch : Loss(layers, held, validation.Targets);
            progress?.Invoke(epoch + 1, 1, loss);
            if (loss < best)
                (best, kept) = (loss, Array.ConvertAll(layers, layer => layer.ToDense()));
        }
        var (bounds, first) = standard.Fold(kept[0]);
        return
        [
            bounds, first, new Curve(Bend.Relu, options.Hidden1), kept[1], new Curve(Bend.Relu, options.Hidden2), kept[2], new Curve(Bend.Sigmoid, Heads.Count),
        ];
    }

    /// <summary>The heads begin at their rates, so that the first passes don't go into learning how rare everything is.</summary>
    private static void StartAt(float[] rates, TrainedLayer last)
    {
        for (var h = 0; h < Heads.Count; h++)
            last.Biases[h] = (float)Math.Log(rates[h] / (1 - rates[h]));
    }

    private void Learn(TrainedLayer[] layers, ReadOnlySpan<float> row, ReadOnlySpan<float> targets)
    {
        Forward(layers, row);
        for (var h = 0; h < Heads.Count; h++)
            _out[h] -= targets[h];
        _out.AsSpan(Heads.Count).Clear();
        layers[2].Backward(_hidden2, _out, _gradient2.AsSpan(0, options.Hidden2));
        ThroughRelu(_gradient2.AsSpan(0, layers[1].Stride), _hidden2, options.Hidden2);
        layers[1].Backward(_hidden1, _gradient2, _gradient1.AsSpan(0, options.Hidden1));
        ThroughRelu(_gradient1.AsSpan(0, layers[0].Stride), _hidden1, options.Hidden1);
        layers[0].Backward(row, _gradient1, []);
    }

    /// <summary>Leaves the probabilities in the table of outputs.</summary>
    private void Forward(TrainedLayer[] layers, ReadOnlySpan<float> row)
    {
        layers[0].Forward(row, _hidden1.AsSpan(0, layers[0].Stride));
        Relu(_hidden1.AsSpan(0, layers[0].Stride));
        layers[1].Forward(_hidden1, _hidden2.AsSpan(0, layers[1].Stride));
        Relu(_hidden2.AsSpan(0, layers[1].Stride));
        layers[2].Forward(_hidden2, _out);
        var width = Vector<float>.Count;
        for (var i = 0; i < Heads.Count; i += width)
            Curve.Sigmoid(new Vector<float>(_out.AsSpan(i, width))).CopyTo(_out, i);
    }

    private double Loss(TrainedLayer[] layers, float[] features, float[] targets)
    {
        var sum = 0.0;
        for (var row = 0; row < features.Length / Features.Count; row++)
        {
            Forward(layers, features.AsSpan(row * Features.Count, Features.Count));
            for (var h = 0; h < Heads.Count; h++)
            {
                var p = Math.Clamp(_out[h], 1e-7, 1 - 1e-7);
                sum -= targets[row * Heads.Count + h] > 0 ? Math.Log(p) : Math.Log(1 - p);
            }
        }
        return sum / (features.Length / Features.Count);
    }

    private static void Relu(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Max(0, values[i]);
    }

    private static void ThroughRelu(Span<float> gradient, ReadOnlySpan<float> values, int width)
    {
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] = i < width && values[i] > 0 ? gradient[i] : 0;
    }
}
