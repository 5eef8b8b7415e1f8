using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>
/// The seed's base score, made exact:
/// <code>(prior + likes·1 + comments·3 + shares·5) · decay(age) · ((1 + min(affinity, 100) / 100) · typePreference)</code>
/// Age is in seconds, not in whole hours, and never negative: a post from a clock that runs ahead counts as new. Scores are never negative.
/// Many are scored at once in the lanes of vectors, one alone in a lane, with the same bits: the exponential is the runtime's own, written in C#,
/// not that of a C library, which is another on each machine.
/// </summary>
public sealed class FirstPass(RankingProfile profile)
{
    private const double MsPerHour = 3_600_000;

    public RankingProfile Profile => profile;

    private readonly float _prior = profile.Prior, _like = profile.LikeWeight, _comment = profile.CommentWeight, _share = profile.ShareWeight;
    private readonly float _affinity = profile.AffinityWeight / 100;
    private readonly Decay _decay = profile.Decay;
    private readonly float[] _type = [.. profile.TypePreference];
    private readonly float _fadingPerMs = (float)(-Math.Log(2) / profile.HalfLife.TotalMilliseconds);

    private bool IsExponential => _decay is Decay.Exponential or Decay.RedditHot;

    /// <param name="affinity">The reader's for the post's author, 0 to 100.</param>
    public float Score(in PostHeader post, float affinity, long nowUnixMs) =>
        Score(post.Counts, post.Type, post.Id.UnixMs, affinity, nowUnixMs);

    /// <inheritdoc cref="Score(in PostHeader, float, long)"/>
    public float Score(Counts counts, PostType type, long publishedUnixMs, float affinity, long nowUnixMs) =>
        Points(Acts(counts)) * DecayAt(AgeMs(publishedUnixMs, nowUnixMs)) * (Boost(affinity) * _type[(int)type]);

    /// <summary>The same for many, a place in each column for each.</summary>
    /// <param name="acts">See <see cref="Acts"/>.</param>
    /// <param name="agesMs">See <see cref="AgeMs"/>.</param>
    /// <param name="factors">See <see cref="Factor"/>.</param>
    public void Score(ReadOnlySpan<float> acts, ReadOnlySpan<float> agesMs, ReadOnlySpan<float> factors, Span<float> into)
    {
        var done = IsExponential ? ScoreVectors(Vectors(acts), Vectors(agesMs), Vectors(factors), MemoryMarshal.Cast<float, Vector<float>>(into)) : 0;
        for (var i = done; i < acts.Length; i++)
            into[i] = Points(acts[i]) * DecayAt(agesMs[i]) * factors[i];
    }

    /// <summary>What was done to a post, weighed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Acts(Counts counts) => counts.Likes * _like + counts.Comments * _comment + counts.Shares * _share;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AgeMs(long publishedUnixMs, long nowUnixMs) => Math.Max(0, nowUnixMs - publishedUnixMs);

    /// <summary>What of the score depends on the reader and the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Factor(float affinity, PostType type) => Boost(affinity) * _type[(int)type];

    /// <summary>The factors of the score by name: their product is the score.</summary>
    public IEnumerable<ScoreTerm> Terms(PostHeader post, float affinity, long nowUnixMs) =>
    [
        new("engagement", Points(Acts(post.Counts))), new("decay", DecayAt(AgeMs(post.Id.UnixMs, nowUnixMs))),
        new("affinity", Boost(affinity)), new("type", _type[(int)post.Type]),
    ];

    private int ScoreVectors(
        ReadOnlySpan<Vector<float>> acts, ReadOnlySpan<Vector<float>> agesMs, ReadOnlySpan<Vector<float>> factors, Span<Vector<float>> into)
    {
        var (prior, fading, adds) = (new Vector<float>(_prior), new Vector<float>(_fadingPerMs), _decay == Decay.Exponential);
        for (var v = 0; v < acts.Length; v++)
        {
            var points = adds ? prior + acts[v] : Vector.Max(prior, acts[v]);
            into[v] = points * Vector.Exp(agesMs[v] * fading) * factors[v];
        }
        return acts.Length * Vector<float>.Count;
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> column) => MemoryMarshal.Cast<float, Vector<float>>(column);

    private float Points(float acts) => _decay switch
    {
        Decay.HackerNews => MathF.Pow(_prior + acts, 0.8f),
        Decay.RedditHot => Math.Max(_prior, acts),
        _ => _prior + acts,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Boost(float affinity) => 1 + Math.Min(affinity, 100) * _affinity;

    private float DecayAt(float ageMs) => _decay switch
    {
        Decay.Exponential or Decay.RedditHot => Vector.Exp(new Vector<float>(ageMs * _fadingPerMs))[0],
        Decay.Hyperbolic => (float)(1 / (1 + ageMs / MsPerHour * 0.08)),
        Decay.HackerNews => MathF.Pow((float)(ageMs / MsPerHour) + 2, -1.8f),
        _ => 1,
    };
}

/// <summary>A named part of a score.</summary>
public readonly record struct ScoreTerm(string Name, float Value);
