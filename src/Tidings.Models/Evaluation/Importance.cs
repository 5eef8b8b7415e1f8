using Tidings.Models.Training;
using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <param name="Loss">How much nDCG@10 falls where the feature is shuffled.</param>
public readonly record struct FeatureImportance(string Feature, double Loss);

/// <summary>
/// Permutation importance (Breiman, "Random forests", 2001): a feature's values are dealt out anew over all candidates, and what nDCG@10 loses by it is
/// what the model had from that feature. Features that say the same share the loss between them, or show none.
/// </summary>
public static class Importance
{
    /// <summary>Slates that it is measured on, at most.</summary>
    private const int SlatesMax = 2_000;

    public static IReadOnlyList<FeatureImportance> Of(IRankingModel model, IReadOnlyList<LabelledSlate> slates, ulong seed)
    {
        var telling = slates.Where(slate => slate.IsTelling).ToList();
        var some = Enumerable.Range(0, Math.Min(SlatesMax, telling.Count)).Select(i => telling[(int)((long)i * telling.Count / Math.Min(SlatesMax, telling.Count))]).ToList();
        var (order, ranker) = (new SlateOrder(), Ranker.Of(model));
        var whole = Mean(some);
        return [.. Features.Names.Select((name, f) => new FeatureImportance(name, whole - Mean(Shuffled(some, f, seed)))).OrderByDescending(i => i.Loss)];

        double Mean(IEnumerable<LabelledSlate> of) => some.Count == 0 ? 0 : of.Average(slate => order.Figures(slate, ranker).Ndcg);
    }

    private static IEnumerable<LabelledSlate> Shuffled(List<LabelledSlate> slates, int feature, ulong seed)
    {
        var values = slates.SelectMany(slate => Enumerable.Range(0, slate.Count).Select(i => slate.Features[i * Features.Count + feature])).ToArray();
        new SeededRandom(seed + (ulong)feature).Shuffle<float>(values);
        var at = 0;
        foreach (var slate in slates)
        {
            var changed = (float[])slate.Features.Clone();
            for (var i = 0; i < slate.Count; i++)
                changed[i * Features.Count + feature] = values[at++];
            yield return slate with { Features = changed };
        }
    }
}
