using System.Numerics;
using Tidings.Models.Networks;
using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>
/// Trains the small network: features → 32 → 16 → four heads, Relu between, a sigmoid for each head; the loss is <see cref="SlateLoss"/>. Adam over
/// mini-batches of whole slates, <see cref="BatchRows"/> rows and what the last slate has more, the rate falling to a tenth; slates in an order drawn anew for each
/// pass. The pass whose weights do best on the validation slates is kept. The same options and rows give the same bits.
/// </summary>
internal sealed class NetworkTrainer
{
    private const int BatchRows = 256;
    private const float Rate = 2e-3f, RateEnd = 2e-4f, WeightDecay = 1e-5f;

    private readonly TrainingOptions _options;
    private readonly TrainedLayer[] _layers;
    private readonly SlateLoss _loss;
    private readonly SeededRandom _random;
    private readonly float[] _out = new float[16];
    private readonly float[] _gradient1, _gradient2, _gradient3;

    /// <summary>A row for each candidate of a slate: what the two hidden layers and the heads make of it.</summary>
    private float[] _hidden1 = [], _hidden2 = [], _heads = [];

    public NetworkTrainer(TrainingOptions options)
    {
        (_options, _random, _loss) = (options, new SeededRandom(options.Seed), new SlateLoss(options.OrderWeight));
        _layers =
        [
            new(Features.Count, options.Hidden1, _random), new(options.Hidden1, options.Hidden2, _random), new(options.Hidden2, Heads.Count, _random),
        ];
        (_gradient1, _gradient2, _gradient3) = (new float[_layers[0].Stride], new float[_layers[1].Stride], new float[_layers[2].Stride]);
    }

    /// <param name="progress">Told the pass, how much of it is done, and the loss on the validation slates after each.</param>
    public IReadOnlyList<Layer> Train(TrainingRows rows, TrainingRows validation, Action<int, double, double?>? progress, CancellationToken ct)
    {
        var standard = new Standard(rows.Features, _options.Without);
        var features = standard.Apply(rows.Features);
        var held = standard.Apply(validation.Features);
        StartAt(rows.Rates(), _layers[^1]);

        var order = Enumerable.Range(0, rows.Slates).ToArray();
        var (step, seen, best, kept) = (0, 0L, double.PositiveInfinity, Array.Empty<Dense>());
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            _random.Shuffle<int>(order);
            var (batch, done) = (0, 0);
            for (var o = 0; o < order.Length; o++)
            {
                var slate = rows.Slate(order[o]);
                Forward(features, slate);
                Backward(features, slate, _loss.Gradients(_heads, rows.TargetsOf(slate)));
                (batch, done, seen) = (batch + slate.Count, done + slate.Count, seen + slate.Count);
                if (batch < BatchRows && o < order.Length - 1)
                    continue;
                ct.ThrowIfCancellationRequested();
                var rate = (float)(Rate + (RateEnd - Rate) * seen / ((double)_options.Epochs * rows.Count));
                step++;
                foreach (var layer in _layers)
                    layer.Learn(batch, step, rate, WeightDecay);
                batch = 0;
                progress?.Invoke(epoch + 1, (double)done / rows.Count, null);
            }
            var loss = validation.Count == 0 ? -epoch : Loss(held, validation);
            progress?.Invoke(epoch + 1, 1, loss);
            if (loss < best)
                (best, kept) = (loss, Array.ConvertAll(_layers, layer => layer.ToDense()));
        }
        var (bounds, first) = standard.Fold(kept[0]);
        return
        [
            bounds, first, new Curve(Bend.Relu, _options.Hidden1), kept[1], new Curve(Bend.Relu, _options.Hidden2), kept[2], new Curve(Bend.Sigmoid, Heads.Count),
        ];
    }

    /// <summary>The heads begin at their rates, so that the first passes don't go into learning how rare everything is.</summary>
    private static void StartAt(float[] rates, TrainedLayer last)
    {
        for (var h = 0; h < Heads.Count; h++)
            last.Biases[h] = (float)Math.Log(rates[h] / (1 - rates[h]));
    }

    /// <summary>Leaves the probabilities of each candidate in the table of heads.</summary>
    private void Forward(float[] features, SlateRows slate)
    {
        if (_heads.Length < slate.Count * Heads.Count)
            (_hidden1, _hidden2, _heads) = (new float[slate.Count * _layers[0].Stride], new float[slate.Count * _layers[1].Stride], new float[slate.Count * Heads.Count]);
        var width = Vector<float>.Count;
        for (var i = 0; i < slate.Count; i++)
        {
            var hidden1 = Hidden1(i);
            var hidden2 = Hidden2(i);
            _layers[0].Forward(features.AsSpan((slate.First + i) * Features.Count, Features.Count), hidden1);
            Relu(hidden1);
            _layers[1].Forward(hidden1, hidden2);
            Relu(hidden2);
            _layers[2].Forward(hidden2, _out);
            for (var h = 0; h < Heads.Count; h += width)
                Curve.Sigmoid(new Vector<float>(_out.AsSpan(h, width))).CopyTo(_out, h);
            _out.AsSpan(0, Heads.Count).CopyTo(_heads.AsSpan(i * Heads.Count));
        }
    }

    /// <param name="gradients">Of the loss by the heads' logits, a row for each candidate.</param>
    private void Backward(float[] features, SlateRows slate, ReadOnlySpan<float> gradients)
    {
        for (var i = 0; i < slate.Count; i++)
        {
            var hidden1 = Hidden1(i);
            var hidden2 = Hidden2(i);
            gradients.Slice(i * Heads.Count, Heads.Count).CopyTo(_gradient3);
            _layers[2].Backward(hidden2, _gradient3, _gradient2.AsSpan(0, _options.Hidden2));
            ThroughRelu(_gradient2, hidden2);
            _layers[1].Backward(hidden1, _gradient2, _gradient1.AsSpan(0, _options.Hidden1));
            ThroughRelu(_gradient1, hidden1);
            _layers[0].Backward(features.AsSpan((slate.First + i) * Features.Count, Features.Count), _gradient1, []);
        }
    }

    private double Loss(float[] features, TrainingRows rows)
    {
        var sum = 0.0;
        for (var s = 0; s < rows.Slates; s++)
        {
            var slate = rows.Slate(s);
            Forward(features, slate);
            sum += _loss.Of(_heads, rows.TargetsOf(slate));
        }
        return sum / rows.Count;
    }

    private Span<float> Hidden1(int candidate) => _hidden1.AsSpan(candidate * _layers[0].Stride, _layers[0].Stride);

    private Span<float> Hidden2(int candidate) => _hidden2.AsSpan(candidate * _layers[1].Stride, _layers[1].Stride);

    private static void Relu(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Max(0, values[i]);
    }

    /// <summary>Where a value was cut off, or is only there to fill a vector, nothing is learned.</summary>
    private static void ThroughRelu(Span<float> gradient, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] = values[i] > 0 ? gradient[i] : 0;
    }
}
