using System.Text;
using CsCheck;
using Tidings.Models.Networks;
using Tidings.Models.Onnx;
using Tidings.Models.Tests.Trees;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests;

public sealed class ModelFileTests
{
    private static readonly byte[][] Files =
    [
        ModelFile.Write("n", Made.Network()), ModelFile.Write("f", Made.Forest()), Encoding.UTF8.GetBytes(LightGbmTextTests.Model()), Encoding.UTF8.GetBytes(XgboostJsonTests.Model),
    ];

    [Fact]
    public void A_damaged_file_is_a_model_or_a_fault_with_a_name_and_never_anything_else()
    {
        var damage = Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Int[0, 1 << 20], Gen.Byte, Gen.Int[0, 2]);
        damage.Sample((which, place, value, kind) =>
        {
            var file = (byte[])Files[which].Clone();
            place %= file.Length;
            if (kind == 0)
                file[place] = value;
            else if (kind == 1)
                file = file[..place];
            else
                file = [.. file[..place], value, .. file[place..]];
            try
            {
                Made.Predict(ModelFile.Read(file, "x"), Made.Rows(3));
            }
            catch (ModelFileException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }, iter: 5_000);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("hello", "damaged")]
    [InlineData("tree\n", "format")]
    [InlineData("{}", "neither ONNX, LightGBM's text nor XGBoost's JSON")]
    [InlineData("{\"id\":1}\n{\"id\":2}\n", "neither ONNX, LightGBM's text nor XGBoost's JSON")]
    [InlineData("{\"learner\":\"me\"}", "neither ONNX, LightGBM's text nor XGBoost's JSON")]
    [InlineData("{\"version\":[3,0,0],\"learner\":{}}", "no learner_model_param")]
    [InlineData("[1]", "damaged")]
    public void What_is_no_model_is_told_so(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => ModelFile.Read(Encoding.UTF8.GetBytes(text), "x")).Message);

    [Fact]
    public void A_model_of_other_features_is_refused()
    {
        var file = Encoding.Latin1.GetString(Files[0]).Replace("author_affinity", "author_infinity");
        Assert.Contains("was trained on the features", Assert.Throws<ModelFileException>(() => ModelFile.Read(Encoding.Latin1.GetBytes(file), "x")).Message);
    }

    [Fact]
    public void A_graph_that_we_do_not_evaluate_is_named_or_given_to_whoever_does()
    {
        var onnx = new OnnxWriter();
        onnx.Node("Softplus", "", []);
        var file = onnx.Finish("strange", []);
        Assert.Contains("Softplus", Assert.Throws<ModelFileException>(() => ModelFile.Read(file, "x")).Message);
        var other = new NetworkModel("other", "1", Made.Network());
        Assert.Same(other, ModelFile.Read(file, "x", (_, _, _) => other));
    }

    [Fact]
    public void A_file_over_the_limit_is_refused_before_it_is_looked_at() =>
        Assert.Contains("67,108,865 bytes", Assert.Throws<ModelFileException>(() => ModelFile.Read(new byte[ModelLimits.FileBytesMax + 1], "x")).Message);

    [Fact]
    public void The_version_is_that_of_the_bytes()
    {
        Assert.Equal(ModelFile.Read(Files[0], "a").Version, ModelFile.Read(Files[0], "b").Version);
        Assert.NotEqual(ModelFile.Read(Files[0], "a").Version, ModelFile.Read(Files[1], "a").Version);
        Assert.Equal(16, ModelFile.Read(Files[0], "a").Version.Length);
    }
}
