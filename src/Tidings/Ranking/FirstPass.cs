using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>
/// The seed's base score, made exact:
/// <code>(prior + likes·1 + comments·3 + shares·5) · decay(age) · (1 + min(affinity, 100) / 100) · typePreference</code>
/// Age is in seconds, not in whole hours, and never negative: a post from a clock that runs ahead counts as new.
/// </summary>
public sealed class FirstPass(RankingProfile profile)
{
    private const double MsPerHour = 3_600_000;

    public RankingProfile Profile => profile;

    private readonly float _prior = profile.Prior, _like = profile.LikeWeight, _comment = profile.CommentWeight, _share = profile.ShareWeight;
    private readonly float[] _type = [.. profile.TypePreference];
    private readonly float _halvingsPerMs = (float)(1 / profile.HalfLife.TotalMilliseconds);

    /// <param name="affinity">The reader's for the post's author, 0 to 100.</param>
    public float Score(in PostHeader post, float affinity, long nowUnixMs) =>
        Score(post.Counts, post.Type, post.Id.UnixMs, affinity, nowUnixMs);

    /// <inheritdoc cref="Score(in PostHeader, float, long)"/>
    public float Score(Counts counts, PostType type, long publishedUnixMs, float affinity, long nowUnixMs)
    {
        var engagement = _prior + counts.Likes * _like + counts.Comments * _comment + counts.Shares * _share;
        var boost = 1 + Math.Min(affinity, 100) / 100;
        return engagement * DecayAt(Math.Max(0, nowUnixMs - publishedUnixMs)) * boost * _type[(int)type];
    }

    private float DecayAt(long ageMs) => profile.Decay switch
    {
        Decay.Exponential => float.Exp2(-ageMs * _halvingsPerMs),
        Decay.Hyperbolic => (float)(1 / (1 + ageMs / MsPerHour * 0.08)),
        _ => 1,
    };
}
