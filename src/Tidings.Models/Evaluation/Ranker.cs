using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>A way to order a slate.</summary>
/// <param name="Score">Fills a score for each candidate; the higher ranks first.</param>
/// <param name="IsModel">It learned; formulas are what it is held against.</param>
public sealed record Ranker(string Name, Action<LabelledSlate, Span<double>> Score, bool IsModel = false)
{
    /// <summary>The newest first.</summary>
    public static readonly Ranker Time = new("time order", static (slate, scores) =>
    {
        for (var i = 0; i < slate.Count; i++)
            scores[i] = slate.Facts[i].PublishedUnixMs;
    });

    /// <summary>The seed's formula to the letter: hyperbolic decay, and a post without engagement is worth nothing.</summary>
    public static readonly Ranker Seed = Formula("seed's formula", RankingProfile.Seed with { Prior = 0 });

    /// <summary>What ranks first pass by default: with a prior, exponential decay, and affinity.</summary>
    public static readonly Ranker Base = Formula("base score with affinity", RankingProfile.Default);

    /// <summary>The seed's final score of a model's heads: <c>p_like + 2·p_comment + 3·p_share − 5·p_hide</c>.</summary>
    public static Ranker Of(IRankingModel model, string? name = null)
    {
        float[] heads = [];
        return new(name ?? model.Name, (slate, scores) =>
        {
            if (heads.Length < slate.Count * Heads.Count)
                heads = new float[slate.Count * Heads.Count];
            model.Predict(slate.Features, slate.Count, heads);
            for (var i = 0; i < slate.Count; i++)
                scores[i] = HeadWeights.Default.Score(heads.AsSpan(i * Heads.Count, Heads.Count));
        }, IsModel: true);
    }

    private static Ranker Formula(string name, RankingProfile profile)
    {
        var pass = new FirstPass(profile);
        return new(name, (slate, scores) =>
        {
            for (var i = 0; i < slate.Count; i++)
            {
                ref readonly var facts = ref slate.Facts[i];
                scores[i] = pass.Score(facts.Counts, facts.Type, facts.PublishedUnixMs, facts.Affinity, slate.UnixMs);
            }
        });
    }
}
