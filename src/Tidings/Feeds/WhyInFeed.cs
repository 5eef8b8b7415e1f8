using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>Where on the road to a page a post got to.</summary>
public enum FeedStage : byte
{
    /// <summary>It isn't among the newest 1,000 by those whom the reader follows.</summary>
    Candidates,
    /// <summary>A rule stands against it: see <see cref="Sight"/>.</summary>
    Rules,
    /// <summary>The first pass put it below the best 200, so the model wasn't asked.</summary>
    FirstPass,
    /// <summary>It ranked high enough, but its author has enough posts on the page.</summary>
    Diversity,
    /// <summary>It ranked among those that fit on the page, or below them.</summary>
    Page,
}

/// <summary>Why a post isn't on the page, beside the names of <see cref="Sight"/>.</summary>
public static class FeedRules
{
    public const string NotACandidate = "not_a_candidate", BeyondSecondPass = "beyond_200", PerAuthorMax = "per_author_max", Seen = "seen",
        BelowThePage = "below_the_page";
}

/// <summary>How it goes for one post on the road to a reader's first page.</summary>
/// <param name="Sight">What the rules say of it.</param>
/// <param name="Stage">How far it got.</param>
/// <param name="Rule">Why not further, one of <see cref="FeedRules"/>; null where it is on the page or <paramref name="Sight"/> says it all.</param>
/// <param name="Rank">Its place in the feed, from 1; 0 where it has none.</param>
/// <param name="Score">What it ranks by.</param>
/// <param name="Features">By <see cref="Ranking.Features.Names"/>; empty where it isn't ranked.</param>
/// <param name="Heads">By <see cref="Ranking.Heads.Names"/>; empty where the model wasn't asked.</param>
/// <param name="Terms">After the model their sum is the score, after the first pass their product.</param>
public sealed record WhyInFeed(
    PostId Post, Sight Sight, FeedStage Stage, string? Rule = null, int Rank = 0, float Score = 0, string Variant = "",
    IReadOnlyList<float>? Features = null, IReadOnlyList<float>? Heads = null, IReadOnlyList<ScoreTerm>? Terms = null)
{
    public bool Shown => Stage == FeedStage.Page && Rule is null && Sight == Sight.Visible;
}

/// <summary>Reads from the tables of a read what became of a candidate.</summary>
internal static class ExplainCandidate
{
    public static WhyInFeed Of(FeedWorkspace work, RankingPlan plan, int candidate, int ranked, long nowUnixMs)
    {
        var post = work.Ids[candidate];
        if (work.Sights[candidate] != Sight.Visible)
            return new WhyInFeed(post, work.Sights[candidate], FeedStage.Rules);

        var rank = 1 + work.Arranged.AsSpan(0, ranked).IndexOf(post);
        var (stage, rule) = Fate(work, plan, candidate, rank);
        var row = work.RowOf(candidate);
        var heads = row < 0 ? null : work.HeadRows.AsSpan(row * Heads.Count, Heads.Count).ToArray();
        var terms = heads is null
            ? FirstPassTerms(work, plan, candidate, nowUnixMs)
            : ModelTerms(plan.Profile.HeadWeights, heads, work.Scores[candidate]);

        var features = FeaturesOf(work, candidate, row, ranked, nowUnixMs);
        return new WhyInFeed(post, Sight.Visible, stage, rule, rank, work.Scores[candidate], plan.Variant, features, heads, terms);
    }

    /// <summary>What the model was told; of a candidate beyond the second pass, what it would have been told had this one been the last to get there.</summary>
    private static float[] FeaturesOf(FeedWorkspace work, int candidate, int row, int ranked, long nowUnixMs)
    {
        if (row < 0)
        {
            var asked = work.Order.AsSpan(0, Math.Min(ranked, RankingProfile.SecondPassMax));
            if (!asked.Contains(candidate))
                asked[^1] = candidate;
            RankCandidates.FillFeatures(work, nowUnixMs, sessionDepth: 0, asked);
            row = work.RowOf(candidate);
        }
        return work.FeatureRows.AsSpan(row * Features.Count, Features.Count).ToArray();
    }

    private static (FeedStage Stage, string? Rule) Fate(FeedWorkspace work, RankingPlan plan, int candidate, int rank)
    {
        if (rank <= work.ShownCount)
            return (FeedStage.Page, null);
        if (work.TopCount > 0 && work.RowOf(candidate) < 0)
            return (FeedStage.FirstPass, FeedRules.BeyondSecondPass);
        if (rank <= work.Scanned)
            return (FeedStage.Diversity, FeedRules.PerAuthorMax);
        return (FeedStage.Page, work.Seen[candidate] && plan.Profile.SeenLast ? FeedRules.Seen : FeedRules.BelowThePage);
    }

    private static ScoreTerm[] FirstPassTerms(FeedWorkspace work, RankingPlan plan, int candidate, long nowUnixMs)
    {
        var a = work.AuthorOf[candidate];
        var fairness = plan.Model is null ? Fairness.Lift(plan.Profile.FairnessMax, work.AuthorRates[a]) : 0;
        return [.. plan.FirstPass.Terms(work.Headers[candidate], work.Affinity[a], nowUnixMs), new ScoreTerm("fairness", 1 + fairness)];
    }

    private static ScoreTerm[] ModelTerms(HeadWeights weights, float[] heads, float score) =>
    [
        new("like", heads[Heads.Like] * weights.Like), new("comment", heads[Heads.Comment] * weights.Comment),
        new("share", heads[Heads.Share] * weights.Share), new("hide", -heads[Heads.Hide] * weights.Hide),
        new("fairness", score - weights.Score(heads)),
    ];
}
