using Tidings.Models.Onnx;
using Tidings.Ranking;

namespace Tidings.Models.Trees;

/// <summary>Forest ↔ one TreeEnsembleRegressor of ai.onnx.ml (versions 1 and 3), followed by a Sigmoid where its sums are logits.</summary>
internal static class ForestGraph
{
    public const string Operator = "TreeEnsembleRegressor";
    private const string Domain = "ai.onnx.ml";
    private const string AtMost = "BRANCH_LEQ", Below = "BRANCH_LT", Leaf = "LEAF";

    public static void Write(OnnxWriter onnx, Forest forest)
    {
        var nodes = forest.Trees.SelectMany((tree, t) => tree.Nodes.Select((node, n) => (Tree: t, Index: n, Node: node, tree.Output))).ToList();
        var leaves = nodes.Where(n => n.Node.Feature < 0).ToList();
        onnx.Node(Operator, Domain, [],
            OnnxWriter.Floats("base_values", forest.Bases),
            OnnxWriter.Int("n_targets", forest.Outputs),
            OnnxWriter.Ints("nodes_falsenodeids", nodes.Select(n => (long)n.Node.Right)),
            OnnxWriter.Ints("nodes_featureids", nodes.Select(n => (long)Math.Max(0, n.Node.Feature))),
            OnnxWriter.Ints("nodes_missing_value_tracks_true", nodes.Select(n => n.Node.NanLeft ? 1L : 0)),
            OnnxWriter.Texts("nodes_modes", nodes.Select(n => n.Node.Feature < 0 ? Leaf : AtMost)),
            OnnxWriter.Ints("nodes_nodeids", nodes.Select(n => (long)n.Index)),
            OnnxWriter.Ints("nodes_treeids", nodes.Select(n => (long)n.Tree)),
            OnnxWriter.Ints("nodes_truenodeids", nodes.Select(n => (long)n.Node.Left)),
            OnnxWriter.Floats("nodes_values", nodes.Select(n => n.Node.Threshold).ToArray()),
            OnnxWriter.Text("post_transform", "NONE"),
            OnnxWriter.Ints("target_ids", leaves.Select(n => (long)n.Output)),
            OnnxWriter.Ints("target_nodeids", leaves.Select(n => (long)n.Index)),
            OnnxWriter.Ints("target_treeids", leaves.Select(n => (long)n.Tree)),
            OnnxWriter.Floats("target_weights", leaves.Select(n => n.Node.Value).ToArray()));
        if (forest.IsLogit)
            onnx.Node("Sigmoid", "", []);
    }

    /// <returns>Null where the graph is no forest that we know.</returns>
    /// <param name="unknown">What it has that we don't know.</param>
    public static Forest? Read(OnnxGraph graph, out string unknown)
    {
        var chain = graph.Nodes.Where(node => node.Operator is not ("Identity" or "Cast")).ToList();
        unknown = "a tree ensemble that is not alone, or is followed by more than a Sigmoid";
        if (graph.Inputs.Count != 1 || chain.Count is 0 or > 2 || chain[0].Operator != Operator || chain[0].Inputs.FirstOrDefault() != graph.Inputs[0].Name
            || (chain.Count == 2 && chain[1].Operator != "Sigmoid"))
            return null;
        var node = chain[0];
        var transform = node.Text("post_transform", "NONE");
        unknown = $"a tree ensemble with post_transform {transform}, aggregate_function {node.Text("aggregate_function", "SUM")}";
        if (transform is not ("NONE" or "LOGISTIC") || node.Text("aggregate_function", "SUM") != "SUM" || (chain.Count == 2 && transform != "NONE")
            || node.Attributes.Keys.Any(key => key.EndsWith("_as_tensor", StringComparison.Ordinal)))
            return null;
        unknown = "";
        return new Nodes(node).Read(chain.Count == 2 || transform == "LOGISTIC");
    }

    /// <summary>The columns of the operator, put together to trees.</summary>
    private sealed class Nodes
    {
        private readonly OnnxNode _node;
        private readonly IReadOnlyList<long> _trees, _ids, _features, _true, _false, _nan;
        private readonly IReadOnlyList<float> _values;
        private readonly IReadOnlyList<string> _modes;

        public Nodes(OnnxNode node)
        {
            _node = node;
            (_trees, _ids, _features) = (node.Ints("nodes_treeids"), node.Ints("nodes_nodeids"), node.Ints("nodes_featureids"));
            (_true, _false, _nan) = (node.Ints("nodes_truenodeids"), node.Ints("nodes_falsenodeids"), node.Ints("nodes_missing_value_tracks_true"));
            (_values, _modes) = (node.Floats("nodes_values"), node.Texts("nodes_modes"));
            var count = _trees.Count;
            if (count is 0 or > ModelLimits.TreeNodesMax)
                throw new ModelFileException($"The tree ensemble has {count:N0} nodes; it has 1 to {ModelLimits.TreeNodesMax:N0}.");
            if (_ids.Count != count || _features.Count != count || _true.Count != count || _false.Count != count || _values.Count != count
                || _modes.Count != count || (_nan.Count != count && _nan.Count != 0))
                throw new ModelFileException($"The columns of the tree ensemble's {count:N0} nodes are of unequal length.");
        }

        public Forest Read(bool isLogit)
        {
            var outputs = _node.Int("n_targets", 1);
            if (outputs is not (1 or Heads.Count))
                throw new ModelFileException($"The tree ensemble predicts {outputs} values; a model predicts {Heads.Count}, or 1 for likes alone.");
            var leaves = Leaves(outputs);
            var trees = new List<Tree>();
            foreach (var tree in Enumerable.Range(0, _trees.Count).GroupBy(i => _trees[i]))
            {
                var places = new Dictionary<long, int>();
                foreach (var i in tree)
                {
                    if (!places.TryAdd(_ids[i], i))
                        throw new ModelFileException($"Tree {tree.Key} has the node {_ids[i]} twice.");
                }
                // A tree may add to several outputs: then it is one tree for each.
                for (var output = 0; output < outputs; output++)
                {
                    if (tree.Any(i => leaves.ContainsKey((tree.Key, _ids[i], output))))
                        trees.Add(Tree(tree.Key, tree.First(), output, places, leaves));
                }
                if (trees.Count > ModelLimits.TreesMax)
                    throw new ModelFileException($"The tree ensemble has more than {ModelLimits.TreesMax:N0} trees.");
            }
            float[] bases = [.. _node.Floats("base_values")];
            if (bases.Length == 0)
                bases = new float[outputs];
            if (bases.Length != outputs || !Array.TrueForAll(bases, float.IsFinite))
                throw new ModelFileException($"The tree ensemble has {bases.Length} base values for {outputs} outputs, or one that is no number.");
            return new Forest((int)outputs, bases, isLogit, trees);
        }

        private Tree Tree(long tree, int root, int output, Dictionary<long, int> places, Dictionary<(long, long, long), float> leaves)
        {
            List<int> order = [root, .. places.Values.Where(i => i != root)];
            var indices = order.Select((place, index) => (place, index)).ToDictionary(p => _ids[p.place], p => p.index);
            return Forest.Arrange($"Tree {tree}", output, order.Count, Features.Count, index =>
            {
                var i = order[index];
                if (_modes[i] == Leaf)
                    return TreeNode.Leaf(leaves.GetValueOrDefault((tree, _ids[i], output)));
                if (_modes[i] is not (AtMost or Below))
                    throw new ModelFileException($"Tree {tree} splits by {_modes[i]}; {AtMost} and {Below} are implemented.");
                if (_features[i] is < 0 or > int.MaxValue)
                    throw new ModelFileException($"Tree {tree} splits by the feature {_features[i]}.");
                var threshold = _modes[i] == AtMost ? _values[i] : Forest.Below(_values[i]);
                return new TreeNode((int)_features[i], threshold, _nan.Count > 0 && _nan[i] != 0, indices.GetValueOrDefault(_true[i], -1),
                    indices.GetValueOrDefault(_false[i], -1), 0);
            });
        }

        private Dictionary<(long Tree, long Node, long Output), float> Leaves(long outputs)
        {
            var (trees, nodes, ids, weights) = (_node.Ints("target_treeids"), _node.Ints("target_nodeids"), _node.Ints("target_ids"), _node.Floats("target_weights"));
            if (nodes.Count != trees.Count || ids.Count != trees.Count || weights.Count != trees.Count)
                throw new ModelFileException("The columns of the tree ensemble's leaves are of unequal length.");
            var leaves = new Dictionary<(long, long, long), float>();
            for (var i = 0; i < trees.Count; i++)
            {
                if (ids[i] < 0 || ids[i] >= outputs)
                    throw new ModelFileException($"A leaf adds to the output {ids[i]} of {outputs}.");
                leaves[(trees[i], nodes[i], ids[i])] = leaves.GetValueOrDefault((trees[i], nodes[i], ids[i])) + weights[i];
            }
            return leaves;
        }
    }
}
