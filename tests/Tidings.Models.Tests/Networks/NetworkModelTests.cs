using Tidings.Models.Networks;
using Tidings.OnnxRuntime;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Networks;

public sealed class NetworkModelTests
{
    private static readonly byte[] File = ModelFile.Write("a network", Made.Network());

    [Fact]
    public void A_network_predicts_what_its_formula_says()
    {
        var layers = Made.Network();
        var (bounds, first, last) = ((Bounds)layers[0], (Dense)layers[1], (Dense)layers[3]);
        var row = Made.Rows(1);
        var hidden = Enumerable.Range(0, first.Outputs).Select(o => Math.Max(0, first.Biases[o] + Enumerable.Range(0, first.Inputs)
            .Sum(i => (double)first.Weights[o * first.Inputs + i] * Math.Clamp(row[i], bounds.Low[i], bounds.High[i])))).ToArray();
        var heads = Made.Predict(new NetworkModel("n", "1", layers), row);
        for (var h = 0; h < Heads.Count; h++)
        {
            var logit = last.Biases[h] + hidden.Index().Sum(v => last.Weights[h * last.Inputs + v.Index] * v.Item);
            Assert.Equal(1 / (1 + Math.Exp(-logit)), heads[h], 5);
        }
    }

    [Fact]
    public void A_candidate_gets_the_same_bits_whoever_else_is_in_the_batch()
    {
        var model = ModelFile.Read(File, "");
        var rows = Made.Rows(203);
        var whole = Made.Predict(model, rows);
        foreach (var (from, count) in new[] { (0, 1), (1, 1), (5, 17), (7, 31), (202, 1), (100, 103) })
        {
            var part = Made.Predict(model, rows.AsSpan(from * Features.Count, count * Features.Count).ToArray());
            Assert.Equal(whole.AsSpan(from * Heads.Count, count * Heads.Count).ToArray(), part);
        }
    }

    [Fact]
    public void What_was_written_is_read_back_bit_for_bit()
    {
        var model = ModelFile.Read(File, "");
        Assert.Equal("a network", model.Name);
        Assert.Equal(Made.Predict(new NetworkModel("n", "1", Made.Network()), Made.Rows(50)), Made.Predict(model, Made.Rows(50)));
        Assert.Equal(File, ModelFile.Write("a network", ((NetworkModel)model).Layers.Count == 6 ? Merged(((NetworkModel)model).Layers) : []));
    }

    [Fact]
    public void ONNX_Runtime_takes_our_files_and_predicts_the_same()
    {
        using var runtime = new OnnxRuntimeModel(File, "n", "1");
        var rows = Made.Rows(200);
        var (ours, theirs) = (Made.Predict(ModelFile.Read(File, ""), rows), Made.Predict(runtime, rows));
        for (var i = 0; i < ours.Length; i++)
            Assert.Equal(ours[i], theirs[i], 1e-5f);
    }

    [Fact]
    public void Predicting_allocates_nothing()
    {
        var models = new[] { ModelFile.Read(File, ""), ModelFile.Read(ModelFile.Write("f", Made.Forest()), "") };
        var (rows, heads) = (Made.Rows(200), new float[200 * Heads.Count]);
        foreach (var model in models)
        {
            model.Predict(rows, 200, heads);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                model.Predict(rows, 200, heads);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    /// <summary>Max and Min are read as a pair of bounds each.</summary>
    private static List<Layer> Merged(IReadOnlyList<Layer> layers) =>
        [new Bounds(((Bounds)layers[0]).Low.ToArray(), ((Bounds)layers[1]).High.ToArray()), .. layers.Skip(2)];
}
