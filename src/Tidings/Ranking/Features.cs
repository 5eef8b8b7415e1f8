using System.Numerics;
using System.Runtime.InteropServices;
using Tidings.Graph;
using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>What is known of a candidate when it is ranked: the facts that features are made from.</summary>
/// <param name="Affinity">Of the reader for the author, 0 to 100.</param>
/// <param name="Tie">The reader's to the author.</param>
/// <param name="IsOwn">The reader wrote it.</param>
/// <param name="AuthorPostsPerDay">The author's posts among the candidates, divided by the days that the candidates span, at least one:
/// <see cref="AuthorRates"/>.</param>
/// <param name="Seen">The reader was shown the post before.</param>
/// <param name="Author">Tells the slate's authors apart: numbers from 0, below <see cref="AuthorsMax"/>.</param>
public readonly record struct CandidateFacts(
    long PublishedUnixMs, Counts Counts, PostType Type, float Affinity, Tie Tie, bool IsOwn, float AuthorPostsPerDay, int AuthorFollowers, bool Seen, int Author)
{
    public const int AuthorsMax = 10_000;

    /// <summary>Likes + 3·comments + 5·shares, as the seed weighs them.</summary>
    internal float Engagement => (float)Counts.Likes + 3f * Counts.Comments + 5f * Counts.Shares;
}

/// <summary>
/// The features of a candidate, the one place where they are made: serving, logging, training and evaluation all call <see cref="Fill"/>, so
/// a model is asked what it was taught. <c>ln1p(x)</c> is <c>ln(1 + x)</c>: counts differ by factors, not by sums.
/// <list type="table">
/// <item><term>0 base_score</term><description>ln1p of the seed's base score, as <see cref="RankingProfile.Default"/> computes it whatever profile ranks. From 0</description></item>
/// <item><term>1 age_hours</term><description>hours since the post was published, 0 to 720</description></item>
/// <item><term>2 age_log</term><description>ln1p of the hours, not capped</description></item>
/// <item><term>3 author_affinity</term><description>of the reader for the author, 0 to 100</description></item>
/// <item><term>4 engagement_rate</term><description>ln1p of (likes + 3·comments + 5·shares) / (hours + 1)</description></item>
/// <item><term>5–7 is_image, is_video, is_link</term><description>0 or 1; a text has none</description></item>
/// <item><term>8 session_depth</term><description>posts that this walk showed before, 0 to 1,000</description></item>
/// <item><term>9, 10 hour_sin, hour_cos</term><description>the hour of the day (UTC) on a circle, −1 to 1</description></item>
/// <item><term>11 is_close_friend</term><description>0 or 1</description></item>
/// <item><term>12 is_friend</term><description>0 or 1</description></item>
/// <item><term>13 is_own</term><description>0 or 1</description></item>
/// <item><term>14–16 likes, comments, shares</term><description>ln1p of the counter</description></item>
/// <item><term>17 author_rate</term><description>ln1p of the author's posts a day among the candidates</description></item>
/// <item><term>18 author_followers</term><description>ln1p of their number</description></item>
/// <item><term>19 seen</term><description>0 or 1</description></item>
/// <item><term>20–26</term><description>what the candidate is among the others: <see cref="AmongOthers"/></description></item>
/// <item><term>27 age_minutes</term><description>m / (m + 15) of the minutes since the post was published: hours are too coarse for what is new. 0 to 1</description></item>
/// </list>
/// So a row depends on its neighbours: a page's candidates are filled at once.
/// A change of a name, the order or a formula is a new <see cref="Version"/>; golden tests hold this one.
/// </summary>
public static class Features
{
    public const int Version = 2;

    public const int Count = 28;

    /// <summary>Places of those that are asked for by themselves; comments and shares follow likes.</summary>
    public const int Affinity = 3, SessionDepth = 8, Likes = 14, Seen = 19;

    /// <summary>The feature that <see cref="Fairness"/> looks at; <c>e^−author_rate</c> is <c>1 / (1 + posts a day)</c>.</summary>
    public const int AuthorRate = 17;

    /// <summary>Candidates whose values are made together, and logarithms in a row.</summary>
    private const int Block = 64, Logs = 8;

    private const float AgeHoursMax = 720;
    private const int SessionDepthMax = 1_000;
    private const float MsPerHour = 3_600_000;
    private const long MsPerDay = 86_400_000;

    private static readonly FirstPass BaseScore = new(RankingProfile.Default);

    public static IReadOnlyList<string> Names { get; } =
    [
        "base_score", "age_hours", "age_log", "author_affinity", "engagement_rate", "is_image", "is_video", "is_link", "session_depth",
        "hour_sin", "hour_cos", "is_close_friend", "is_friend", "is_own", "likes", "comments", "shares", "author_rate", "author_followers",
        "seen", .. AmongOthers.Names, "age_minutes",
    ];

    /// <param name="candidates">The newest first.</param>
    /// <param name="nowUnixMs">When the page is ranked.</param>
    /// <param name="sessionDepth">Posts that this walk showed before.</param>
    /// <param name="into">Gets a row of <see cref="Count"/> values for each candidate.</param>
    public static void Fill(ReadOnlySpan<CandidateFacts> candidates, long nowUnixMs, int sessionDepth, Span<float> into)
    {
        var (sin, cos) = MathF.SinCos(nowUnixMs % MsPerDay / (float)MsPerDay * MathF.Tau);
        var depth = (float)Math.Min(sessionDepth, SessionDepthMax);
        Span<float> bases = stackalloc float[Block], logs = stackalloc float[Block * Logs];
        for (var from = 0; from < candidates.Length; from += Block)
        {
            var some = candidates.Slice(from, Math.Min(Block, candidates.Length - from));
            BaseScores(some, nowUnixMs, bases);
            for (var i = 0; i < some.Length; i++)
            {
                var row = into.Slice((from + i) * Count, Count);
                FillPlain(some[i], bases[i], nowUnixMs, row, logs.Slice(i * Logs, Logs));
                (row[8], row[9], row[10]) = (depth, sin, cos);
            }
            Ln1P(logs[..(some.Length * Logs)]);
            for (var i = 0; i < some.Length; i++)
                FillLogs(logs.Slice(i * Logs, Logs), into.Slice((from + i) * Count, Count));
        }
        AmongOthers.Fill(candidates, into);
    }

    private static void BaseScores(ReadOnlySpan<CandidateFacts> candidates, long nowUnixMs, Span<float> into)
    {
        Span<float> acts = stackalloc float[Block], ages = stackalloc float[Block], factors = stackalloc float[Block];
        for (var i = 0; i < candidates.Length; i++)
        {
            ref readonly var facts = ref candidates[i];
            acts[i] = BaseScore.Acts(facts.Counts);
            ages[i] = FirstPass.AgeMs(facts.PublishedUnixMs, nowUnixMs);
            factors[i] = BaseScore.Factor(facts.Affinity, facts.Type);
        }
        BaseScore.Score(acts[..candidates.Length], ages, factors, into);
    }

    /// <summary>All that depends on the candidate: what is no logarithm into the row, what becomes one beside it.</summary>
    private static void FillPlain(in CandidateFacts facts, float baseScore, long nowUnixMs, Span<float> row, Span<float> logs)
    {
        var counts = facts.Counts;
        var hours = FirstPass.AgeMs(facts.PublishedUnixMs, nowUnixMs) / MsPerHour;
        row[1] = Math.Min(hours, AgeHoursMax);
        row[3] = facts.Affinity;
        row[5] = facts.Type == PostType.Image ? 1 : 0;
        row[6] = facts.Type == PostType.Video ? 1 : 0;
        row[7] = facts.Type == PostType.Link ? 1 : 0;
        row[11] = (facts.Tie & Tie.CloseFriend) != 0 ? 1 : 0;
        row[12] = (facts.Tie & Tie.Friend) != 0 ? 1 : 0;
        row[13] = facts.IsOwn ? 1 : 0;
        row[19] = facts.Seen ? 1 : 0;
        row[27] = Share(hours * 60, 15);
        (logs[0], logs[1], logs[2]) = (baseScore, hours, facts.Engagement / (hours + 1));
        (logs[3], logs[4], logs[5]) = (counts.Likes, counts.Comments, counts.Shares);
        (logs[6], logs[7]) = (facts.AuthorPostsPerDay, facts.AuthorFollowers);
    }

    /// <returns>0 to 1, and half where the value is <paramref name="half"/>.</returns>
    internal static float Share(float value, float half) => value / (value + half);

    private static void FillLogs(ReadOnlySpan<float> logs, Span<float> row)
    {
        (row[0], row[2], row[4]) = (logs[0], logs[1], logs[2]);
        logs[3..].CopyTo(row[14..]);
    }

    /// <summary>All at once, in the lanes of vectors. The runtime's own logarithm, written in C#: the same bits on every machine.</summary>
    private static void Ln1P(Span<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (ref var vector in vectors)
            vector = Vector.Log(Vector<float>.One + vector);
        // A row has eight: nothing is left over but where vectors are wider than that.
        foreach (ref var value in values[(vectors.Length * Vector<float>.Count)..])
            value = Vector.Log(new Vector<float>(1 + value))[0];
    }
}

/// <summary>How often an author posts, as far as the candidates of one read show it.</summary>
public static class AuthorRates
{
    private const float MsPerDay = 86_400_000;

    /// <returns>The factor from an author's number of candidates to posts a day.</returns>
    public static float PerDay(long oldestUnixMs, long newestUnixMs) => 1 / Math.Max(1, (newestUnixMs - oldestUnixMs) / MsPerDay);
}
