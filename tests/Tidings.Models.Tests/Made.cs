using Tidings.Models.Networks;
using Tidings.Models.Training;
using Tidings.Models.Trees;
using Tidings.Ranking;

namespace Tidings.Models.Tests;

/// <summary>Small models and features, made from a seed.</summary>
internal static class Made
{
    public static IReadOnlyList<Layer> Network(ulong seed = 1, int hidden = 13)
    {
        var random = new SeededRandom(seed);
        return
        [
            new Bounds(Some(random, Features.Count, -3, -1), Some(random, Features.Count, 1, 30)),
            new Dense(Features.Count, hidden, Some(random, Features.Count * hidden, -0.4, 0.4), Some(random, hidden, -1, 1)), new Curve(Bend.Relu, hidden),
            new Dense(hidden, Heads.Count, Some(random, hidden * Heads.Count, -1, 1), Some(random, Heads.Count, -1, 1)), new Curve(Bend.Sigmoid, Heads.Count),
        ];
    }

    public static Forest Forest(ulong seed = 1, int trees = 9)
    {
        var random = new SeededRandom(seed);
        return new Forest(Heads.Count, Some(random, Heads.Count, -1, 1), true, [.. Enumerable.Range(0, trees).Select(t => new Tree(t % Heads.Count, [
            new TreeNode(random.Below(Features.Count), (float)random.Unit(), t % 2 == 0, 1, 4, 0),
            new TreeNode(random.Below(Features.Count), (float)random.Unit(), false, 2, 3, 0),
            TreeNode.Leaf((float)random.Unit()), TreeNode.Leaf(-(float)random.Unit()), TreeNode.Leaf((float)random.Unit() - 0.5f),
        ]))]);
    }

    public static float[] Rows(int count, ulong seed = 7) => Some(new SeededRandom(seed), count * Features.Count, -2, 4);

    public static float[] Predict(IRankingModel model, float[] rows)
    {
        var heads = new float[rows.Length / Features.Count * Heads.Count];
        model.Predict(rows, rows.Length / Features.Count, heads);
        return heads;
    }

    public static float[] Some(SeededRandom random, int count, double from, double to) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(from + random.Unit() * (to - from)))];
}
