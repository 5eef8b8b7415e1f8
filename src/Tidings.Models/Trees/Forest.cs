namespace Tidings.Models.Trees;

/// <summary>A node of a tree as files have it.</summary>
/// <param name="Feature">−1 for a leaf.</param>
/// <param name="Threshold">Values at most this go left.</param>
/// <param name="NanLeft">A value that is no number goes left.</param>
/// <param name="Left">Index in the tree's nodes; always after the node itself.</param>
/// <param name="Value">Of a leaf: what it adds to the output.</param>
internal readonly record struct TreeNode(int Feature, float Threshold, bool NanLeft, int Left, int Right, float Value)
{
    public static TreeNode Leaf(float value) => new(-1, 0, false, 0, 0, value);
}

/// <param name="Output">Which output the leaves add to.</param>
/// <param name="Nodes">The first is the root.</param>
internal sealed record Tree(int Output, TreeNode[] Nodes);

/// <param name="Outputs">1 or 4.</param>
/// <param name="Bases">What each output begins with.</param>
/// <param name="IsLogit">The sums are logits: a sigmoid follows.</param>
internal sealed record Forest(int Outputs, float[] Bases, bool IsLogit, IReadOnlyList<Tree> Trees)
{
    /// <summary>The largest float that is at most this: <c>x ≤ threshold</c> says the same of every float.</summary>
    public static float AtMost(double threshold)
    {
        var nearest = (float)threshold;
        return nearest > threshold ? MathF.BitDecrement(nearest) : nearest;
    }

    /// <summary>For files whose values go left where they are below: <c>x &lt; threshold</c> as <c>x ≤</c>.</summary>
    public static float Below(float threshold) => MathF.BitDecrement(threshold);

    /// <summary>Makes a tree of nodes in any order: left child beside its parent, each once, every walk ends.</summary>
    /// <param name="node">The node of an index, its children as indices of the same kind.</param>
    /// <exception cref="ModelFileException">A child that isn't there, a node with two parents, a tree too deep or too large.</exception>
    public static Tree Arrange(string what, int output, int count, int features, Func<int, TreeNode> node)
    {
        if (count is 0 or > ModelLimits.TreeNodesMax)
            throw new ModelFileException($"{what} has {count} nodes.");
        var nodes = new List<TreeNode>(count);
        var seen = new bool[count];
        Add(0, 0);
        return new Tree(output, [.. nodes]);

        int Add(int index, int depth)
        {
            if ((uint)index >= (uint)count)
                throw new ModelFileException($"{what} names the node {index} of {count}.");
            if (seen[index])
                throw new ModelFileException($"{what} comes to its node {index} twice.");
            if (depth > ModelLimits.TreeDepthMax)
                throw new ModelFileException($"{what} is deeper than {ModelLimits.TreeDepthMax}.");
            seen[index] = true;
            var read = node(index);
            var at = nodes.Count;
            nodes.Add(read);
            if (read.Feature < 0)
            {
                if (!float.IsFinite(read.Value))
                    throw new ModelFileException($"{what} has a leaf of {read.Value}.");
                return at;
            }
            if (read.Feature >= features)
                throw new ModelFileException($"{what} splits by the feature {read.Feature} of {features}.");
            if (float.IsNaN(read.Threshold))
                throw new ModelFileException($"{what} splits at a value that is no number.");
            var left = Add(read.Left, depth + 1);
            var right = Add(read.Right, depth + 1);
            nodes[at] = read with { Left = left, Right = right };
            return at;
        }
    }
}
