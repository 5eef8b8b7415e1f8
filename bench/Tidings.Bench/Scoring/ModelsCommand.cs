using System.Runtime.Intrinsics;
using Tidings.Bench.Measuring;
using Tidings.Models;
using Tidings.Models.Networks;
using Tidings.Models.Training;
using Tidings.Models.Trees;
using Tidings.OnnxRuntime;
using Tidings.Ranking;

namespace Tidings.Bench.Scoring;

/// <summary>
/// What a model costs a page: batches of 200 candidates, CPU of the thread. The network's arithmetic alone (its three layers over columns that lie ready), our
/// evaluator with all that it does besides, the same file in ONNX Runtime on one thread; and a forest of 100 × 31 leaves in both.
/// </summary>
internal static class ModelsCommand
{
    private const int Candidates = RankingProfile.SecondPassMax, BatchesPerRound = 400;

    public static async Task<int> RunAsync(Arguments line)
    {
        var rounds = line.Number("--rounds", 9, 5, 100);
        var json = line.Text("--json", "");
        line.End();

        var report = new Report("models");
        report.Begin();
        Report.Section($"A batch of {Candidates} candidates, {Features.Count} features, {Heads.Count} heads");
        var random = new SeededRandom(1);
        var rows = Some(random, Candidates * Features.Count);
        var layers = Network(random);
        var file = ModelFile.Write("bench", layers);
        var own = ModelFile.Read(file, "bench");
        using var runtime = new OnnxRuntimeModel(file, "bench", "1");
        var forestFile = ModelFile.Write("forest", Forest(random));
        var forest = ModelFile.Read(forestFile, "forest");
        using var runtimeForest = new OnnxRuntimeModel(forestFile, "forest", "1");

        var micros = Series.Interleaved(rounds, () => Arithmetic(layers), () => Micros(own, rows), () => Micros(runtime, rows),
            () => Micros(forest, rows), () => Micros(runtimeForest, rows));
        report.Add("network, its arithmetic alone", micros[0], "µs");
        report.Add("network, our evaluator", micros[1], "µs");
        report.Add("network, ONNX Runtime", micros[2], "µs");
        report.Add("our evaluator ÷ arithmetic", micros[1].Over(micros[0]), "×");
        report.Add("ONNX Runtime ÷ our evaluator", micros[2].Over(micros[1]), "×");
        report.Add("forest of 100 × 31 leaves, our evaluator", micros[3], "µs");
        report.Add("forest of 100 × 31 leaves, ONNX Runtime", micros[4], "µs");
        report.Add("forest ÷ network, our evaluators", micros[3].Over(micros[1]), "×");
        report.Add("allocated by our evaluators in a batch", Allocated(own, rows) + Allocated(forest, rows), "B", atMost: 0);
        report.Add("allocated by ONNX Runtime in a batch", Allocated(runtime, rows), "B");
        await report.EndAsync(json);
        return 0;
    }

    private static double Micros(IRankingModel model, float[] rows)
    {
        var heads = new float[Candidates * Heads.Count];
        var began = Clocks.ThreadCpuNs;
        for (var i = 0; i < BatchesPerRound; i++)
            model.Predict(rows, Candidates, heads);
        return (Clocks.ThreadCpuNs - began) / 1e3 / BatchesPerRound;
    }

    private static double Arithmetic(IReadOnlyList<Layer> layers)
    {
        var (a, b) = (new Vector512<float>[ModelLimits.LayerWidthMax], new Vector512<float>[ModelLimits.LayerWidthMax]);
        var dense = layers.OfType<Dense>().ToArray();
        var blocks = (Candidates + Vector512<float>.Count - 1) / Vector512<float>.Count;
        var began = Clocks.ThreadCpuNs;
        for (var i = 0; i < BatchesPerRound * blocks; i++)
        {
            dense[0].Apply(a, b);
            dense[1].Apply(b, a);
            dense[2].Apply(a, b);
        }
        return (Clocks.ThreadCpuNs - began) / 1e3 / BatchesPerRound;
    }

    private static double Allocated(IRankingModel model, float[] rows)
    {
        var heads = new float[Candidates * Heads.Count];
        model.Predict(rows, Candidates, heads);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            model.Predict(rows, Candidates, heads);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100.0;
    }

    /// <summary>The shape that <c>tidings train</c> makes.</summary>
    private static List<Layer> Network(SeededRandom random)
    {
        var options = new TrainingOptions();
        return
        [
            new Bounds(Some(random, Features.Count), Array.ConvertAll(Some(random, Features.Count), v => v + 3)),
            Layer(Features.Count, options.Hidden1), new Curve(Bend.Relu, options.Hidden1),
            Layer(options.Hidden1, options.Hidden2), new Curve(Bend.Relu, options.Hidden2),
            Layer(options.Hidden2, Heads.Count), new Curve(Bend.Sigmoid, Heads.Count),
        ];

        Dense Layer(int inputs, int outputs) => new(inputs, outputs, Some(random, inputs * outputs), Some(random, outputs));
    }

    /// <summary>For each head 100 trees that grow where chance has them grow, as trees without a limit of depth do.</summary>
    private static Forest Forest(SeededRandom random) => new(Heads.Count, new float[Heads.Count], true,
        [.. Enumerable.Range(0, 100 * Heads.Count).Select(t => Tree(random, t % Heads.Count, leaves: 31))]);

    private static Tree Tree(SeededRandom random, int output, int leaves)
    {
        var nodes = new List<TreeNode> { TreeNode.Leaf(0) };
        var open = new List<int> { 0 };
        while (open.Count < leaves)
        {
            var at = random.Below(open.Count);
            nodes[open[at]] = new TreeNode(random.Below(Features.Count), (float)random.Unit() * 2 - 1, false, nodes.Count, nodes.Count + 1, 0);
            open[at] = nodes.Count;
            open.Add(nodes.Count + 1);
            nodes.Add(TreeNode.Leaf((float)random.Unit() - 0.5f));
            nodes.Add(TreeNode.Leaf((float)random.Unit() - 0.5f));
        }
        return Models.Trees.Forest.Arrange("a tree", output, nodes.Count, Features.Count, index => nodes[index]);
    }

    private static float[] Some(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Unit() * 2 - 1)];
}
