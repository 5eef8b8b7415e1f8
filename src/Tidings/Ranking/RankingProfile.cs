using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>How a post's worth fades with its age. The numbers are part of the stored format.</summary>
public enum Decay : byte
{
    /// <summary><c>2^(−age / half-life)</c>. The order of two posts never changes by waiting.</summary>
    Exponential = 0,
    /// <summary><c>1 / (1 + 0.08 · hours)</c>: the seed's. Halves after 12.5 hours, then ever slower.</summary>
    Hyperbolic = 1,
    /// <summary>No decay.</summary>
    None = 2,
    /// <summary><c>points^0.8 / (hours + 2)^1.8</c>: Hacker News's ("How Hacker News ranking really works", righto.com 2013), with the prior
    /// among the points so that a new post isn't worth nothing.</summary>
    HackerNews = 3,
    /// <summary>Reddit's "hot" (r2/lib/db/_sorts.pyx), <c>log10(max(1, votes)) + seconds / 45,000</c>, as its tenth power, which orders the same:
    /// <c>max(prior, votes) · 2^(−age / half-life)</c> with a half-life of 45,000 s · log10 2.</summary>
    RedditHot = 4,
}

/// <summary>What each predicted act is worth. Each 0 to 1,000.</summary>
public sealed record HeadWeights(float Like, float Comment, float Share, float Hide)
{
    /// <summary>The seed's: <c>p_like·1 + p_comment·2 + p_share·3 − p_hide·5</c>.</summary>
    public static readonly HeadWeights Default = new(1, 2, 3, 5);

    /// <param name="heads">As a model predicts them, in the order of <see cref="Heads"/>.</param>
    public float Score(ReadOnlySpan<float> heads) =>
        heads[Heads.Like] * Like + heads[Heads.Comment] * Comment + heads[Heads.Share] * Share - heads[Heads.Hide] * Hide;
}

/// <summary>
/// How candidates are ranked, whole: the first pass over up to 1,000, what the model's predictions are worth, fairness, what was seen,
/// diversity, exploration. Changeable while running.
/// </summary>
public sealed record RankingProfile
{
    /// <summary>Candidates that the first pass hands on to the model: the seed's 200.</summary>
    public const int SecondPassMax = 200;

    public const int ExploreTopMax = 20;

    public static readonly RankingProfile Default = new();

    /// <summary>The seed's own formula, but for the prior that keeps a new post from being worth nothing.</summary>
    public static readonly RankingProfile Seed = new() { Decay = Decay.Hyperbolic, FairnessMax = 0 };

    /// <summary>What a post is worth before anyone engaged. 0.001 to 1,000; default 1.</summary>
    public float Prior { get; init; } = 1;
    /// <summary>0 to 1,000; default 1.</summary>
    public float LikeWeight { get; init; } = 1;
    /// <summary>0 to 1,000; default 3.</summary>
    public float CommentWeight { get; init; } = 3;
    /// <summary>0 to 1,000; default 5.</summary>
    public float ShareWeight { get; init; } = 5;
    /// <summary>How much a whole affinity of 100 adds: 1 doubles. 0 to 100; default 1.</summary>
    public float AffinityWeight { get; init; } = 1;
    public Decay Decay { get; init; } = Decay.Exponential;
    /// <summary>Of the exponential decay. 1 minute to 365 days; default 12 hours.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromHours(12);
    /// <summary>A multiplier for each <see cref="PostType"/>, in its order. 0.001 to 1,000; default 1.</summary>
    public IReadOnlyList<float> TypePreference { get; init; } = [1, 1, 1, 1];
    /// <summary>Whether the best <see cref="SecondPassMax"/> go to the model, where there is one. Default true.</summary>
    public bool UseModel { get; init; } = true;
    public HeadWeights HeadWeights { get; init; } = HeadWeights.Default;
    /// <summary>The most that rare posters are lifted by, see <see cref="Fairness"/>. 0 to 0.5; default 0.1.</summary>
    public float FairnessMax { get; init; } = 0.1f;
    /// <summary>Whether what the reader has seen goes below all that they haven't. Default true.</summary>
    public bool SeenLast { get; init; } = true;
    /// <summary>Posts of one author on a page while others are waiting. 1 to 100; default 2.</summary>
    public int PerAuthorMax { get; init; } = 2;
    /// <summary>The share of first pages whose top is shuffled, see <see cref="Exploration"/>. 0 to 1; default 0.</summary>
    public float ExploreShare { get; init; }
    /// <summary>How many places at the top are shuffled then. 2 to 20; default 10.</summary>
    public int ExploreTop { get; init; } = 10;

    /// <returns>The field at fault and its rule, or null.</returns>
    public Rejection? Check() =>
        Range("prior", Prior, 0.001f, 1_000)
        ?? Range("like_weight", LikeWeight, 0, 1_000)
        ?? Range("comment_weight", CommentWeight, 0, 1_000)
        ?? Range("share_weight", ShareWeight, 0, 1_000)
        ?? Range("affinity_weight", AffinityWeight, 0, 100)
        ?? (Enum.IsDefined(Decay) ? null : Rejection.Invalid("decay", "There is no such decay."))
        ?? Range("half_life_minutes", HalfLife.TotalMinutes, 1, 365 * 24 * 60)
        ?? (TypePreference.Count == 4 ? null : Rejection.Invalid("type_preference", "There are four: text, image, video, link."))
        ?? TypePreference.Select(type => Range("type_preference", type, 0.001, 1_000)).FirstOrDefault(wrong => wrong is not null)
        ?? Range("head_weights", HeadWeights.Like, 0, 1_000) ?? Range("head_weights", HeadWeights.Comment, 0, 1_000)
        ?? Range("head_weights", HeadWeights.Share, 0, 1_000) ?? Range("head_weights", HeadWeights.Hide, 0, 1_000)
        ?? Range("fairness_max", FairnessMax, 0, 0.5)
        ?? Range("per_author_max", PerAuthorMax, 1, 100)
        ?? Range("explore_share", ExploreShare, 0, 1)
        ?? Range("explore_top", ExploreTop, 2, ExploreTopMax);

    private static Rejection? Range(string field, double value, double least, double most) =>
        value >= least && value <= most ? null : Rejection.Invalid(field, FormattableString.Invariant($"A number from {least} to {most}."));
}

/// <summary>The profiles that have a name.</summary>
public static class RankingPresets
{
    public static IReadOnlyDictionary<string, RankingProfile> All { get; } = new Dictionary<string, RankingProfile>
    {
        ["exponential"] = RankingProfile.Default,
        ["seed"] = RankingProfile.Seed,
        ["hacker-news"] = new() { Decay = Decay.HackerNews, AffinityWeight = 0, FairnessMax = 0, UseModel = false },
        ["reddit-hot"] = new()
        {
            Decay = Decay.RedditHot, HalfLife = TimeSpan.FromSeconds(45_000 * Math.Log10(2)), AffinityWeight = 0, FairnessMax = 0, UseModel = false,
        },
        // All scores are equal, and of equals the newer is first.
        ["chronological"] = new()
        {
            Decay = Decay.None, LikeWeight = 0, CommentWeight = 0, ShareWeight = 0, AffinityWeight = 0, FairnessMax = 0, UseModel = false,
            SeenLast = false, PerAuthorMax = 100,
        },
    };
}
