using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tidings.Ranking;

namespace Tidings.Models.Networks;

/// <summary>
/// A small network, evaluated by ourselves: <see cref="Features.Count"/> columns in, 1 or <see cref="Heads.Count"/> out. The candidates of a batch are
/// turned into the lanes of vectors, a block at a time, on the stack; nothing is allocated. A network of one output predicts likes only.
/// </summary>
internal sealed class NetworkModel : IRankingModel
{
    private static readonly int BlockCandidates = Layer.Vectors * Vector<float>.Count;

    private readonly Layer[] _layers;

    /// <exception cref="ModelFileException">The layers don't fit together, or not to the features and heads.</exception>
    public NetworkModel(string name, string version, IReadOnlyList<Layer> layers)
    {
        (Name, Version, _layers) = (name, version, [.. layers]);
        if (layers.Count is 0 or > ModelLimits.LayersMax)
            throw new ModelFileException($"The network has {layers.Count} layers; it has 1 to {ModelLimits.LayersMax}.");
        var width = Features.Count;
        foreach (var layer in layers)
        {
            if (layer.Inputs != width)
                throw new ModelFileException($"A layer of the network takes {layer.Inputs} values and is given {width}.");
            if (layer.Outputs is 0 or > ModelLimits.LayerWidthMax)
                throw new ModelFileException($"A layer of the network gives {layer.Outputs} values; it gives 1 to {ModelLimits.LayerWidthMax}.");
            width = layer.Outputs;
        }
        if (width is not (1 or Heads.Count))
            throw new ModelFileException($"The network predicts {width} values; a model predicts {Heads.Count}, or 1 for likes alone.");
    }

    public string Name { get; }

    public string Version { get; }

    public IReadOnlyList<Layer> Layers => _layers;

    [SkipLocalsInit]
    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features.Length, candidates * Features.Count, nameof(features));
        ArgumentOutOfRangeException.ThrowIfLessThan(heads.Length, candidates * Heads.Count, nameof(heads));
        Span<Vector<float>> a = stackalloc Vector<float>[ModelLimits.LayerWidthMax * Layer.Vectors];
        Span<Vector<float>> b = stackalloc Vector<float>[ModelLimits.LayerWidthMax * Layer.Vectors];
        for (var from = 0; from < candidates; from += BlockCandidates)
        {
            var count = Math.Min(BlockCandidates, candidates - from);
            ToLanes(features.Slice(from * Features.Count, count * Features.Count), count, a);
            var at = a;
            var next = b;
            foreach (var layer in _layers)
            {
                layer.Apply(at, next);
                var free = at;
                at = next;
                next = free;
            }
            FromLanes(at, count, _layers[^1].Outputs, heads.Slice(from * Heads.Count, count * Heads.Count));
        }
    }

    private static void ToLanes(ReadOnlySpan<float> rows, int count, Span<Vector<float>> columns)
    {
        var lanes = MemoryMarshal.Cast<Vector<float>, float>(columns);
        for (var c = 0; c < Features.Count; c++)
        {
            var column = lanes.Slice(c * BlockCandidates, BlockCandidates);
            for (var i = 0; i < count; i++)
                column[i] = rows[i * Features.Count + c];
            column[count..].Clear();
        }
    }

    private static void FromLanes(ReadOnlySpan<Vector<float>> columns, int count, int outputs, Span<float> heads)
    {
        var lanes = MemoryMarshal.Cast<Vector<float>, float>(columns);
        for (var i = 0; i < count; i++)
        {
            for (var h = 0; h < Heads.Count; h++)
                heads[i * Heads.Count + h] = h < outputs ? lanes[h * BlockCandidates + i] : 0;
        }
    }
}
