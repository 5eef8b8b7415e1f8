using System.Text;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Trees;

public sealed class XgboostJsonTests
{
    internal static readonly string Model =
        $$$"""
        {"learner":{"attributes":{},"feature_names":[{{{string.Join(',', Features.Names.Select(n => $"\"{n}\""))}}}],"feature_types":[],"gradient_booster":{"model":{
        "gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"iteration_indptr":[0,1],"tree_info":[0],"trees":[{"base_weights":[0,0,0,0,0],
        "categories":[],"categories_nodes":[],"default_left":[1,0,0,0,0],"id":0,"left_children":[1,-1,3,-1,-1],"right_children":[2,-1,4,-1,-1],
        "parents":[2147483647,0,0,2,2],"split_conditions":[2.5,1.5,4E1,-0.5,0.25],"split_indices":[1,0,3,0,0],"split_type":[0,0,0,0,0],
        "tree_param":{"num_deleted":"0","num_feature":"{{{Features.Count}}}","num_nodes":"5","size_leaf_vector":"1"} }]},"name":"gbtree"},
        "learner_model_param":{"base_score":"[5E-1]","boost_from_average":"1","num_class":"0","num_feature":"{{{Features.Count}}}","num_target":"1"},
        "objective":{"name":"binary:logistic","reg_loss_param":{"scale_pos_weight":"1"} } },"version":[3,0,0]}

        """;

    private static IRankingModel Read(string text) => ModelFile.Read(Encoding.UTF8.GetBytes(text), "xgb");

    private static float[] Heads(IRankingModel model, float age, float affinity)
    {
        var row = new float[Features.Count];
        (row[1], row[3]) = (age, affinity);
        return Made.Predict(model, row);
    }

    [Theory]
    [InlineData(2.4f, 0f, 1.5)]
    [InlineData(2.5f, 39f, -0.5)]
    [InlineData(3f, 40f, 0.25)]
    [InlineData(float.NaN, 0f, 1.5)]
    public void A_model_file_predicts_by_its_splits_where_equal_goes_right(float age, float affinity, double leaf) =>
        Assert.Equal(1 / (1 + Math.Exp(-leaf)), Heads(Read(Model), age, affinity)[0], 5);

    [Fact]
    public void The_base_score_is_a_probability_that_the_leaves_move() =>
        Assert.Equal(1 / (1 + Math.Exp(-(1.5 + Math.Log(0.2 / 0.8)))), Heads(Read(Model.Replace("[5E-1]", "2E-1")), 1, 0)[0], 5);

    [Fact]
    public void Four_models_one_after_the_other_are_the_four_heads()
    {
        var file = string.Concat(Enumerable.Range(1, 4).Select(head => Model.Replace("2.5,1.5", $"2.5,{head}")));
        Assert.Equal([1.0, 2, 3, 4], Heads(Read(file), 1, 0).Select(p => Math.Round(Math.Log(p / (1 - p)), 3)));
    }

    [Theory]
    [InlineData("\"name\":\"gbtree\"", "\"name\":\"dart\"", "'dart'")]
    [InlineData("binary:logistic", "multi:softprob", "'multi:softprob'")]
    [InlineData("\"split_type\":[0", "\"split_type\":[1", "categorical")]
    [InlineData("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"4\"", "vectors")]
    [InlineData("\"left_children\":[1,-1,3", "\"left_children\":[1,-1,0", "twice")]
    [InlineData("\"left_children\":[1,-1,3", "\"left_children\":[1,-1,77", "names the node 77")]
    [InlineData("\"split_indices\":[1", "\"split_indices\":[99", "feature 99")]
    [InlineData("[5E-1]", "[2]", "base_score")]
    [InlineData("\"tree_info\":[0]", "\"tree_info\":[2]", "output 2")]
    [InlineData("\"tree_info\":[0]", "\"tree_info\":\"0\"", "another kind")]
    [InlineData("\"num_target\":\"1\"", "\"num_target\":\"3\"", "3 outputs")]
    [InlineData("\"learner\":", "\"teacher\":", "nor XGBoost's JSON")]
    [InlineData("\"version\":", "version:", "no JSON at line")]
    public void What_is_not_implemented_or_makes_no_sense_is_named(string was, string becomes, string named) =>
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => Read(Model.Replace(was, becomes))).Message);
}
