using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>
/// The seed's base score, made exact:
/// <code>(prior + likes·1 + comments·3 + shares·5) · decay(age) · (1 + min(affinity, 100) / 100) · typePreference</code>
/// Age is in seconds, not in whole hours, and never negative: a post from a clock that runs ahead counts as new. Scores are never negative.
/// </summary>
public sealed class FirstPass(RankingProfile profile)
{
    private const double MsPerHour = 3_600_000;

    public RankingProfile Profile => profile;

    private readonly float _prior = profile.Prior, _like = profile.LikeWeight, _comment = profile.CommentWeight, _share = profile.ShareWeight;
    private readonly float _affinity = profile.AffinityWeight / 100;
    private readonly float[] _type = [.. profile.TypePreference];
    private readonly float _halvingsPerMs = (float)(1 / profile.HalfLife.TotalMilliseconds);

    /// <param name="affinity">The reader's for the post's author, 0 to 100.</param>
    public float Score(in PostHeader post, float affinity, long nowUnixMs) =>
        Score(post.Counts, post.Type, post.Id.UnixMs, affinity, nowUnixMs);

    /// <inheritdoc cref="Score(in PostHeader, float, long)"/>
    public float Score(Counts counts, PostType type, long publishedUnixMs, float affinity, long nowUnixMs) =>
        Engagement(counts) * DecayAt(Math.Max(0, nowUnixMs - publishedUnixMs)) * Boost(affinity) * _type[(int)type];

    /// <summary>The factors of the score by name: their product is the score.</summary>
    public IEnumerable<ScoreTerm> Terms(PostHeader post, float affinity, long nowUnixMs) =>
    [
        new("engagement", Engagement(post.Counts)), new("decay", DecayAt(Math.Max(0, nowUnixMs - post.Id.UnixMs))),
        new("affinity", Boost(affinity)), new("type", _type[(int)post.Type]),
    ];

    private float Engagement(Counts counts)
    {
        var acts = counts.Likes * _like + counts.Comments * _comment + counts.Shares * _share;
        return profile.Decay switch
        {
            Decay.HackerNews => MathF.Pow(_prior + acts, 0.8f),
            Decay.RedditHot => Math.Max(_prior, acts),
            _ => _prior + acts,
        };
    }

    private float Boost(float affinity) => 1 + Math.Min(affinity, 100) * _affinity;

    private float DecayAt(long ageMs) => profile.Decay switch
    {
        Decay.Exponential or Decay.RedditHot => float.Exp2(-ageMs * _halvingsPerMs),
        Decay.Hyperbolic => (float)(1 / (1 + ageMs / MsPerHour * 0.08)),
        Decay.HackerNews => MathF.Pow((float)(ageMs / MsPerHour) + 2, -1.8f),
        _ => 1,
    };
}

/// <summary>A named part of a score.</summary>
public readonly record struct ScoreTerm(string Name, float Value);
