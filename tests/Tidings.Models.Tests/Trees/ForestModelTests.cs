using Tidings.Models.Trees;
using Tidings.OnnxRuntime;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Trees;

public sealed class ForestModelTests
{
    private static readonly byte[] File = ModelFile.Write("a forest", Made.Forest(trees: 40));

    [Fact]
    public void ONNX_Runtime_takes_our_forests_and_predicts_the_same()
    {
        using var runtime = new OnnxRuntimeModel(File, "f", "1");
        var rows = Made.Rows(203);
        var (ours, theirs) = (Made.Predict(ModelFile.Read(File, ""), rows), Made.Predict(runtime, rows));
        for (var i = 0; i < ours.Length; i++)
            Assert.Equal(ours[i], theirs[i], 1e-5f);
    }

    [Fact]
    public void What_was_written_is_read_back_bit_for_bit()
    {
        var read = (ForestModel)ModelFile.Read(File, "");
        Assert.Equal(Made.Predict(new ForestModel("f", "1", Made.Forest(trees: 40)), Made.Rows(30)), Made.Predict(read, Made.Rows(30)));
        Assert.Equal(File, ModelFile.Write("a forest", read.Forest));
    }

    [Fact]
    public void A_value_at_a_threshold_goes_left_and_what_is_no_number_goes_where_the_file_says()
    {
        foreach (var nanLeft in new[] { true, false })
        {
            var tree = new Tree(0, [new TreeNode(3, 0.5f, nanLeft, 1, 2, 0), TreeNode.Leaf(-4), TreeNode.Leaf(4)]);
            var model = new ForestModel("f", "1", new Forest(1, [0], true, [tree]));
            float Like(float x)
            {
                var row = new float[Features.Count];
                row[3] = x;
                return Made.Predict(model, row)[Heads.Like];
            }
            Assert.True(Like(0.5f) < 0.1f && Like(-1) < 0.1f && Like(0.50001f) > 0.9f);
            Assert.Equal(nanLeft, Like(float.NaN) < 0.1f);
        }
    }

    [Fact]
    public void A_forest_of_one_output_predicts_likes_alone()
    {
        var model = new ForestModel("f", "1", new Forest(1, [0.3f], true, [new Tree(0, [TreeNode.Leaf(0.4f)])]));
        var heads = Made.Predict(model, Made.Rows(5));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1 / (1 + MathF.Exp(-0.7f)), heads[i * Heads.Count], 1e-6f);
            Assert.Equal([0f, 0, 0], heads.AsSpan(i * Heads.Count + 1, 3).ToArray());
        }
    }
}
