using System.Globalization;
using System.Text;
using Tidings.Ranking;

namespace Tidings.Models.Trees;

/// <summary>
/// LightGBM's text format, version v4 (and v3, which differs in nothing that is read here): <c>Booster.save_model</c>. One file of four classes with
/// the objective multiclassova has the four heads; so have four files of the objective binary one after the other, in the order like, comment,
/// share, hide (<c>cat like.txt comment.txt share.txt hide.txt</c>); a single one predicts likes only.
/// Not implemented, and refused: categorical splits, linear trees, zero as missing, averaged forests, other objectives.
/// </summary>
internal static class LightGbmText
{
    /// <summary>Bits of a split's decision_type.</summary>
    private const int Categorical = 1, DefaultLeft = 2, MissingShift = 2, MissingZero = 1, MissingNan = 2;

    public static bool Looks(ReadOnlySpan<byte> file) => file.StartsWith("tree\n"u8) || file.StartsWith("tree\r\n"u8);

    /// <exception cref="ModelFileException">It is damaged, or has what isn't implemented.</exception>
    public static Forest Read(ReadOnlySpan<byte> file)
    {
        var models = new List<(Dictionary<string, string> Header, List<Dictionary<string, string>> Trees)>();
        var block = new Dictionary<string, string>();
        var skipping = false;
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = Encoding.UTF8.GetString(file[range]).Trim();
            if (line == "tree")
            {
                models.Add((block = [], []));
                skipping = false;
            }
            else if (line == "end of trees")
            {
                skipping = true;
            }
            else if (!skipping && models.Count > 0 && line.Length > 0)
            {
                var (key, value) = line.Split('=', 2) is [var k, var v] ? (k, v) : (line, "");
                if (key == "Tree")
                    models[^1].Trees.Add(block = []);
                block[key] = value;
            }
        }
        if (models.Count is not (1 or Heads.Count))
            throw new ModelFileException($"The file holds {models.Count} LightGBM models; it holds 1, or {Heads.Count} in the order {string.Join(", ", Heads.Names)}.");
        var forests = models.ConvertAll(m => Read(m.Header, m.Trees));
        if (forests.Count == 1)
            return forests[0];
        return forests.TrueForAll(f => f.Outputs == 1)
            ? new Forest(Heads.Count, new float[Heads.Count], true, [.. forests.SelectMany((f, head) => f.Trees.Select(t => t with { Output = head }))])
            : throw new ModelFileException("Of several LightGBM models in a file each predicts one value.");
    }

    private static Forest Read(Dictionary<string, string> header, List<Dictionary<string, string>> blocks)
    {
        if (header.GetValueOrDefault("version") is not ("v3" or "v4"))
            throw new ModelFileException($"LightGBM's format {ModelFile.Quoted(header.GetValueOrDefault("version", ""))} is not known; v3 and v4 are.");
        if (header.ContainsKey("average_output"))
            throw new ModelFileException("LightGBM's averaged forests (boosting=rf) are not implemented.");
        var outputs = Int(header, "num_tree_per_iteration");
        var objective = header.GetValueOrDefault("objective", "").Split(' ');
        if (objective[0] is not ("binary" or "multiclassova" or "cross_entropy" or "lambdarank" or "rank_xendcg"))
            throw new ModelFileException($"The objective {ModelFile.Quoted(objective[0])} of LightGBM is not implemented; binary, multiclassova, cross_entropy and lambdarank are.");
        var steepness = objective.FirstOrDefault(part => part.StartsWith("sigmoid:", StringComparison.Ordinal)) is { } sigmoid && objective[0] != "lambdarank"
            ? Number(sigmoid["sigmoid:".Length..], "sigmoid")
            : 1;
        var columns = FeatureOrder.Of(header.GetValueOrDefault("feature_names", "").Split(' '), Int(header, "max_feature_idx") + 1);
        if (outputs is not (1 or Heads.Count) || blocks.Count > ModelLimits.TreesMax)
            throw new ModelFileException($"LightGBM's model has {blocks.Count:N0} trees for {outputs} outputs; it has 1 or {Heads.Count} outputs and at most {ModelLimits.TreesMax:N0} trees.");
        var trees = blocks.Select((block, t) => Tree(block, t, t % outputs, columns, steepness)).ToList();
        return new Forest(outputs, new float[outputs], true, trees);
    }

    private static Tree Tree(Dictionary<string, string> block, int number, int output, int[] columns, double steepness)
    {
        var what = $"LightGBM's tree {number}";
        var leaves = Int(block, "num_leaves");
        if (leaves is < 1 or > ModelLimits.TreeNodesMax / 2)
            throw new ModelFileException($"{what} has {leaves} leaves.");
        if (block.GetValueOrDefault("num_cat", "0") != "0")
            throw new ModelFileException($"{what} has categorical splits, which are not implemented.");
        if (block.GetValueOrDefault("is_linear", "0") != "0")
            throw new ModelFileException($"{what} is linear in its leaves, which is not implemented.");
        var splits = leaves - 1;
        var values = Column(block, "leaf_value", leaves, what);
        if (splits == 0)
            return new Tree(output, [TreeNode.Leaf((float)(values[0] * steepness))]);
        var (feature, threshold, kind) = (Column(block, "split_feature", splits, what), Column(block, "threshold", splits, what), Column(block, "decision_type", splits, what));
        var (left, right) = (Column(block, "left_child", splits, what), Column(block, "right_child", splits, what));
        // Splits are 0 to n − 1, leaves −1 to −(n + 1): here a leaf's index is that of the last split plus its own.
        return Forest.Arrange(what, output, splits + leaves, Features.Count, index =>
        {
            if (index >= splits)
                return TreeNode.Leaf((float)(values[index - splits] * steepness));
            var decision = (int)kind[index];
            var missing = decision >> MissingShift & 3;
            if ((decision & Categorical) != 0 || missing == MissingZero || missing > MissingNan)
                throw new ModelFileException($"{what} splits by the decision type {decision}: categories and zero as missing are not implemented.");
            if (feature[index] < 0 || feature[index] >= columns.Length)
                throw new ModelFileException($"{what} splits by the feature {feature[index]} of {columns.Length}.");
            // Without a kind of missing, what is no number counts as zero.
            var nanLeft = missing == MissingNan ? (decision & DefaultLeft) != 0 : 0 <= threshold[index];
            return new TreeNode(columns[(int)feature[index]], Forest.AtMost(threshold[index]), nanLeft, Child(left[index]), Child(right[index]), 0);
        });

        int Child(double child) => child < 0 ? splits + (int)(-child - 1) : (int)child;
    }

    private static double[] Column(Dictionary<string, string> block, string key, int count, string what)
    {
        var cells = block.GetValueOrDefault(key, "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return cells.Length == count
            ? Array.ConvertAll(cells, cell => Number(cell, key))
            : throw new ModelFileException($"{what} has {cells.Length} values of {key}, not {count}.");
    }

    private static int Int(Dictionary<string, string> block, string key) =>
        int.TryParse(block.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < int.MaxValue
            ? value
            : throw new ModelFileException($"LightGBM's {key} is {ModelFile.Quoted(block.GetValueOrDefault(key, "missing"))}.");

    private static double Number(string cell, string key) => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new ModelFileException($"LightGBM's {key} has {ModelFile.Quoted(cell)} where a number is.");
}
