using System.Buffers;

namespace Tidings.Ranking;

/// <summary>
/// What a candidate is among the others of its slate. An hour is young in a quiet feed and old in a lively one, ten likes are many here and few there: a
/// model that is told no more than the plain numbers believes that every feed is like those it learned from. All are between 0 and 1.
/// <list type="table">
/// <item><term>20 newer</term><description>n / (n + 10), of n candidates that are newer</description></item>
/// <item><term>21 newer_by_author</term><description>n / (n + 1), of n candidates that are newer and by the same author</description></item>
/// <item><term>22 newer_engaged</term><description>n / (n + 10), of n candidates that are newer and were liked, commented on or shared</description></item>
/// <item><term>23 engagement_vs_mean</term><description>e / (e + mean) of its engagement and the candidates' mean; 0 without any</description></item>
/// <item><term>24 author_vs_mean</term><description>the same of the mean engagement of its author's candidates</description></item>
/// <item><term>25 affinity_vs_most</term><description>the reader's affinity for its author ÷ the highest for one of the authors; 0 where there is none</description></item>
/// <item><term>26 candidates</term><description>n / (n + 100), of n candidates</description></item>
/// </list>
/// </summary>
internal static class AmongOthers
{
    private const int First = 20;
    private const float NewerHalf = 10, CandidatesHalf = 100;

    public static readonly string[] Names =
        ["newer", "newer_by_author", "newer_engaged", "engagement_vs_mean", "author_vs_mean", "affinity_vs_most", "candidates"];

    private struct Author
    {
        public float Engagement;
        public int Posts;
        public int Newer;

        /// <summary>Those of them that were published at the same moment as the last one.</summary>
        public int AtOnce;
        public long LastUnixMs;
    }

    /// <param name="slate">The newest first.</param>
    /// <param name="into">A row of <see cref="Features.Count"/> values for each.</param>
    public static void Fill(ReadOnlySpan<CandidateFacts> slate, Span<float> into)
    {
        var (authorsEnd, engagement, affinityMost) = (0, 0f, 0f);
        foreach (ref readonly var facts in slate)
        {
            authorsEnd = Math.Max(authorsEnd, facts.Author + 1);
            engagement += facts.Engagement;
            affinityMost = Math.Max(affinityMost, facts.Affinity);
        }
        ArgumentOutOfRangeException.ThrowIfGreaterThan(authorsEnd, CandidateFacts.AuthorsMax, nameof(slate));
        var rented = ArrayPool<Author>.Shared.Rent(authorsEnd);
        var authors = rented.AsSpan(0, authorsEnd);
        authors.Clear();
        Tally(slate, authors);
        var mean = engagement / slate.Length;
        var most = affinityMost > 0 ? affinityMost : 1;
        var candidates = Features.Share(slate.Length, CandidatesHalf);
        var (newer, newerEngaged, engaged, last) = (0, 0, 0, long.MaxValue);
        for (var i = 0; i < slate.Length; i++)
        {
            ref readonly var facts = ref slate[i];
            if (facts.PublishedUnixMs > last)
                throw new ArgumentException("The candidates don't come with the newest first.", nameof(slate));
            if (facts.PublishedUnixMs < last)
                (newer, newerEngaged, last) = (i, engaged, facts.PublishedUnixMs);
            ref var author = ref authors[facts.Author];
            var own = facts.Engagement;
            engaged += own > 0 ? 1 : 0;
            var row = into.Slice(i * Features.Count + First, Names.Length);
            row[0] = Features.Share(newer, NewerHalf);
            row[1] = Features.Share(NewerBy(ref author, last), 1);
            row[2] = Features.Share(newerEngaged, NewerHalf);
            row[3] = own > 0 ? Features.Share(own, mean) : 0;
            row[4] = author.Engagement > 0 ? Features.Share(author.Engagement / author.Posts, mean) : 0;
            row[5] = facts.Affinity / most;
            row[6] = candidates;
        }
        ArrayPool<Author>.Shared.Return(rented);
    }

    private static void Tally(ReadOnlySpan<CandidateFacts> slate, Span<Author> authors)
    {
        foreach (ref readonly var facts in slate)
        {
            ref var author = ref authors[facts.Author];
            author.Engagement += facts.Engagement;
            author.Posts++;
        }
    }

    /// <summary>What is published at the same moment has no order.</summary>
    private static int NewerBy(ref Author author, long unixMs)
    {
        if (author.LastUnixMs != unixMs)
            (author.Newer, author.AtOnce, author.LastUnixMs) = (author.Newer + author.AtOnce, 0, unixMs);
        author.AtOnce++;
        return author.Newer;
    }
}
