using System.Numerics;
using System.Runtime.InteropServices;
using Tidings.Models.Networks;
using Tidings.Ranking;

namespace Tidings.Models.Trees;

/// <summary>
/// A forest, evaluated by ourselves. All trees lie in one array, 12 bytes a node, the left child right after its parent; the trees are the outer
/// loop, so one tree stays in the nearest cache while all candidates walk it. Costs some hundred times a small network: see docs/models.md.
/// A forest of one output predicts likes only.
/// </summary>
internal sealed class ForestModel : IRankingModel
{
    private const int Leaf = -1;

    private readonly Node[] _nodes;
    private readonly (int Root, int Output)[] _trees;
    private readonly Forest _forest;

    /// <exception cref="ModelFileException">Too many trees or nodes, or outputs that are no heads.</exception>
    public ForestModel(string name, string version, Forest forest)
    {
        (Name, Version, _forest) = (name, version, forest);
        if (forest.Outputs is not (1 or Heads.Count) || forest.Bases.Length != forest.Outputs)
            throw new ModelFileException($"The forest predicts {forest.Outputs} values; a model predicts {Heads.Count}, or 1 for likes alone.");
        if (forest.Trees.Count is 0 or > ModelLimits.TreesMax)
            throw new ModelFileException($"The forest has {forest.Trees.Count} trees; it has 1 to {ModelLimits.TreesMax:N0}.");
        var total = forest.Trees.Sum(tree => (long)tree.Nodes.Length);
        if (total > ModelLimits.TreeNodesMax)
            throw new ModelFileException($"The forest has {total:N0} nodes; it has at most {ModelLimits.TreeNodesMax:N0}.");
        _nodes = new Node[total];
        _trees = new (int, int)[forest.Trees.Count];
        var at = 0;
        for (var t = 0; t < _trees.Length; t++)
        {
            var tree = forest.Trees[t];
            if ((uint)tree.Output >= (uint)forest.Outputs)
                throw new ModelFileException($"Tree {t} adds to the output {tree.Output} of {forest.Outputs}.");
            _trees[t] = (at, tree.Output);
            foreach (ref readonly var node in tree.Nodes.AsSpan())
            {
                _nodes[at++] = node.Feature < 0
                    ? new Node(node.Value, 0, Leaf)
                    : new Node(node.Threshold, _trees[t].Root + node.Right, (short)(node.Feature << 1 | (node.NanLeft ? 1 : 0)));
            }
        }
    }

    public string Name { get; }

    public string Version { get; }

    public Forest Forest => _forest;

    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features.Length, candidates * Features.Count, nameof(features));
        ArgumentOutOfRangeException.ThrowIfLessThan(heads.Length, candidates * Heads.Count, nameof(heads));
        heads = heads[..(candidates * Heads.Count)];
        heads.Clear();
        for (var i = 0; i < candidates; i++)
            _forest.Bases.CopyTo(heads[(i * Heads.Count)..]);
        foreach (var (root, output) in _trees)
        {
            for (var i = 0; i < candidates; i++)
                heads[i * Heads.Count + output] += Walk(root, features.Slice(i * Features.Count, Features.Count));
        }
        if (_forest.IsLogit)
            Squash(heads);
    }

    private float Walk(int at, ReadOnlySpan<float> row)
    {
        while (true)
        {
            ref readonly var node = ref _nodes[at];
            if (node.Split == Leaf)
                return node.Value;
            var x = row[node.Split >> 1];
            // A value that is no number is on neither side of anything.
            var left = (node.Split & 1) == 0 ? x <= node.Value : !(x > node.Value);
            at = left ? at + 1 : node.Right;
        }
    }

    private void Squash(Span<float> heads)
    {
        var width = Vector<float>.Count;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(heads);
        foreach (ref var vector in vectors)
            vector = Curve.Sigmoid(vector);
        var rest = heads[(vectors.Length * width)..];
        Span<float> last = stackalloc float[width];
        rest.CopyTo(last);
        Curve.Sigmoid(new Vector<float>(last)).CopyTo(last);
        last[..rest.Length].CopyTo(rest);
        for (var i = 0; _forest.Outputs == 1 && i < heads.Length; i++)
            heads[i] = i % Heads.Count == 0 ? heads[i] : 0;
    }

    /// <param name="Value">Threshold, or the leaf's value.</param>
    /// <param name="Split">Feature · 2 + 1 where what is no number goes left; −1 for a leaf.</param>
    private readonly record struct Node(float Value, int Right, short Split);
}
