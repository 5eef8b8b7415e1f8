using System.Text;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Trees;

public sealed class LightGbmTextTests
{
    private const string Tree = """
        Tree=0
        num_leaves=3
        num_cat=0
        split_feature=1 3
        split_gain=10 5
        threshold=2.5000000000000004 40
        decision_type=2 8
        left_child=-1 -2
        right_child=1 -3
        leaf_value=1.5 -0.5 0.25
        leaf_weight=1 1 1
        internal_value=0 0
        is_linear=0
        shrinkage=1


        """;

    internal static string Model(string tree = Tree, string header = "", string objective = "binary sigmoid:1", string version = "v4") =>
        $"tree\nversion={version}\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx={Features.Count - 1}\nobjective={objective}\n{header}" +
        $"feature_names={string.Join(' ', Features.Names)}\ntree_sizes=1\n\n{tree}end of trees\n\nfeature_importances:\nage_hours=1\n\nparameters:\n[boosting: gbdt]\nend of parameters\n";

    private static IRankingModel Read(string text) => ModelFile.Read(Encoding.UTF8.GetBytes(text), "lgb");

    private static float[] Heads(IRankingModel model, float age, float affinity)
    {
        var row = new float[Features.Count];
        (row[1], row[3]) = (age, affinity);
        return Made.Predict(model, row);
    }

    [Theory]
    [InlineData(1f, 0f, 1.5)]
    [InlineData(2.5f, 0f, 1.5)]
    [InlineData(3f, 40f, -0.5)]
    [InlineData(3f, 40.1f, 0.25)]
    public void A_model_file_predicts_by_its_splits(float age, float affinity, double leaf) =>
        Assert.Equal(1 / (1 + Math.Exp(-leaf)), Heads(Read(Model()), age, affinity)[0], 5);

    [Fact]
    public void Four_files_one_after_the_other_are_the_four_heads()
    {
        var file = string.Concat(Enumerable.Range(1, 4).Select(head => Model(Tree.Replace("leaf_value=1.5", $"leaf_value={head}"))));
        Assert.Equal([1.0, 2, 3, 4], Heads(Read(file), 1, 0).Select(p => Math.Round(Math.Log(p / (1 - p)), 3)));
    }

    [Fact]
    public void Columns_are_found_by_their_names()
    {
        var names = Features.Names.ToArray();
        (names[1], names[4]) = (names[4], names[1]);
        var model = Read(Model().Replace(string.Join(' ', Features.Names), string.Join(' ', names)));
        Assert.Equal(Heads(Read(Model()), 0, 0), Heads(model, 100, 0));
    }

    [Theory]
    [InlineData("num_cat=0", "num_cat=1", "categorical")]
    [InlineData("is_linear=0", "is_linear=1", "linear")]
    [InlineData("decision_type=2 8", "decision_type=1 8", "decision type 1")]
    [InlineData("decision_type=2 8", "decision_type=4 8", "zero as missing")]
    [InlineData("objective=binary sigmoid:1", "objective=poisson", "'poisson'")]
    [InlineData("version=v4", "version=v9", "'v9'")]
    [InlineData("right_child=1 -3", "right_child=0 -3", "twice")]
    [InlineData("right_child=1 -3", "right_child=1 -9", "names the node")]
    [InlineData("leaf_value=1.5 -0.5 0.25", "leaf_value=1.5 nan 0.25", "leaf of NaN")]
    [InlineData("leaf_value=1.5 -0.5 0.25", "leaf_value=1.5 x 0.25", "'x'")]
    [InlineData("leaf_value=1.5 -0.5 0.25", "leaf_value=1.5", "1 values of leaf_value")]
    [InlineData("base_score", "fame", "'fame'")]
    [InlineData("label_index=0", "average_output", "averaged")]
    public void What_is_not_implemented_or_makes_no_sense_is_named(string was, string becomes, string named) =>
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => Read(Model().Replace(was, becomes))).Message);
}
