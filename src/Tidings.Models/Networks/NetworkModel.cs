using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tidings.Ranking;

namespace Tidings.Models.Networks;

/// <summary>
/// A small network, evaluated by ourselves: <see cref="Features.Count"/> columns in, 1 or <see cref="Heads.Count"/> out. The candidates of a batch are
/// turned into the lanes of vectors, a block at a time, on the stack; nothing is allocated. A network of one output predicts likes only.
/// </summary>
internal sealed class NetworkModel : IRankingModel
{
    private static readonly int BlockCandidates = Vector512<float>.Count;

    private const int Four = 4;

    private readonly Layer[] _layers;

    /// <summary>The layers as they are computed, some of them two at once.</summary>
    private readonly Layer[] _steps;

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
        _steps = [.. Steps(_layers)];
    }

    public string Name { get; }

    public string Version { get; }

    public IReadOnlyList<Layer> Layers => _layers;

    [SkipLocalsInit]
    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features.Length, candidates * Features.Count, nameof(features));
        ArgumentOutOfRangeException.ThrowIfLessThan(heads.Length, candidates * Heads.Count, nameof(heads));
        Span<Vector512<float>> a = stackalloc Vector512<float>[ModelLimits.LayerWidthMax];
        Span<Vector512<float>> b = stackalloc Vector512<float>[ModelLimits.LayerWidthMax];
        for (var from = 0; from < candidates; from += BlockCandidates)
        {
            var count = Math.Min(BlockCandidates, candidates - from);
            ToLanes(features.Slice(from * Features.Count, count * Features.Count), count, a);
            var at = a;
            var next = b;
            foreach (var step in _steps)
            {
                step.Apply(at, next);
                var free = at;
                at = next;
                next = free;
            }
            FromLanes(at, count, _layers[^1].Outputs, heads.Slice(from * Heads.Count, count * Heads.Count));
        }
    }

    private static IEnumerable<Layer> Steps(Layer[] layers)
    {
        for (var n = 0; n < layers.Length; n++)
        {
            if (layers[n] is Dense dense && n + 1 < layers.Length && layers[n + 1] is Curve { Bend: Bend.Relu })
            {
                yield return dense.Rectified();
                n++;
            }
            else
            {
                yield return layers[n];
            }
        }
    }

    private static void ToLanes(ReadOnlySpan<float> rows, int count, Span<Vector512<float>> columns)
    {
        var whole = Sse.IsSupported && count == BlockCandidates ? Features.Count / Four * Four : 0;
        for (var c = 0; c < whole; c += Four)
            FourToLanes(rows[c..], columns.Slice(c, Four));
        var lanes = MemoryMarshal.Cast<Vector512<float>, float>(columns);
        for (var c = whole; c < Features.Count; c++)
        {
            var column = lanes.Slice(c * BlockCandidates, BlockCandidates);
            for (var i = 0; i < count; i++)
                column[i] = rows[i * Features.Count + c];
            column[count..].Clear();
        }
    }

    /// <summary>Turns four columns of all candidates, a square of four by four at a time, in registers: what is stored is whole vectors, for a processor
    /// waits long where it reads at once what was written in pieces.</summary>
    private static void FourToLanes(ReadOnlySpan<float> rows, Span<Vector512<float>> columns)
    {
        var (a0, b0, c0, d0) = Turned(rows);
        var (a1, b1, c1, d1) = Turned(rows[(Four * Features.Count)..]);
        var (a2, b2, c2, d2) = Turned(rows[(2 * Four * Features.Count)..]);
        var (a3, b3, c3, d3) = Turned(rows[(3 * Four * Features.Count)..]);
        columns[0] = Vector512.Create(Vector256.Create(a0, a1), Vector256.Create(a2, a3));
        columns[1] = Vector512.Create(Vector256.Create(b0, b1), Vector256.Create(b2, b3));
        columns[2] = Vector512.Create(Vector256.Create(c0, c1), Vector256.Create(c2, c3));
        columns[3] = Vector512.Create(Vector256.Create(d0, d1), Vector256.Create(d2, d3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Turned(ReadOnlySpan<float> rows)
    {
        var (first, second) = (Vector128.Create(rows), Vector128.Create(rows[Features.Count..]));
        var (third, fourth) = (Vector128.Create(rows[(2 * Features.Count)..]), Vector128.Create(rows[(3 * Features.Count)..]));
        var (upper, lower) = (Sse.UnpackLow(first, second), Sse.UnpackLow(third, fourth));
        var (upperHigh, lowerHigh) = (Sse.UnpackHigh(first, second), Sse.UnpackHigh(third, fourth));
        return (
            Sse.MoveLowToHigh(upper, lower), Sse.MoveHighToLow(lower, upper),
            Sse.MoveLowToHigh(upperHigh, lowerHigh), Sse.MoveHighToLow(lowerHigh, upperHigh));
    }

    private static void FromLanes(ReadOnlySpan<Vector512<float>> columns, int count, int outputs, Span<float> heads)
    {
        var lanes = MemoryMarshal.Cast<Vector512<float>, float>(columns);
        for (var i = 0; i < count; i++)
        {
            for (var h = 0; h < Heads.Count; h++)
                heads[i * Heads.Count + h] = h < outputs ? lanes[h * BlockCandidates + i] : 0;
        }
    }
}
