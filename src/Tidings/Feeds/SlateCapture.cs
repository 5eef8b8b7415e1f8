using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// Writes a served page down as a slate: what is on it, in its order, then the best of what isn't. The features are what the model was asked. Of candidates
/// that it wasn't asked about they are made by the same code, for those that are written down.
/// </summary>
internal static class SlateCapture
{
    /// <param name="ranked">How many of <see cref="FeedWorkspace.Order"/> were candidates for the page beside those on it.</param>
    public static void Take(Slate into, FeedWorkspace work, FeedPage page, RankingPlan plan, long nowUnixMs, int sessionDepth, int ranked)
    {
        var taken = work.PutOff.AsSpan(0, Slate.CandidatesMax);
        var count = work.ShownCount;
        work.Shown.AsSpan(0, count).CopyTo(taken);
        for (var o = 0; o < ranked && count < taken.Length; o++)
        {
            if (!work.Shown.AsSpan(0, work.ShownCount).Contains(work.Order[o]))
                taken[count++] = work.Order[o];
        }
        taken = taken[..count];
        Span<bool> asked = stackalloc bool[count];
        asked.Clear();
        CopyRows(into, work, taken, asked);
        if (asked.Contains(false))
        {
            RankCandidates.FillFeatures(work, nowUnixMs, sessionDepth, taken);
            CopyRows(into, work, taken, asked);
        }
        (into.Reader, into.UnixMs, into.Variant, into.Share, into.Count) = (work.Reader, nowUnixMs, plan.Variant, plan.Share, count);
        var first = page.Count - work.ShownCount;
        for (var row = 0; row < count; row++)
        {
            var i = taken[row];
            var shown = row < work.ShownCount;
            into.Entries[row] = new SlateEntry(
                work.Ids[i], work.Headers[i].Author, shown ? first + row : -1, shown ? PropensityAt(work, plan, row) : 1, work.Scores[i]);
        }
    }

    /// <summary>Copies the rows that there are to where none was copied before.</summary>
    private static void CopyRows(Slate into, FeedWorkspace work, ReadOnlySpan<int> taken, Span<bool> copied)
    {
        for (var at = 0; at < taken.Length; at++)
        {
            if (copied[at] || work.RowOf(taken[at]) is not (>= 0 and var row))
                continue;
            work.FeatureRows.AsSpan(row * Features.Count, Features.Count).CopyTo(into.FeatureRows.AsSpan(at * Features.Count));
            copied[at] = true;
        }
    }

    private static float PropensityAt(FeedWorkspace work, RankingPlan plan, int place) =>
        place < work.Explored ? Exploration.Propensity(plan.Profile.ExploreShare, work.Explored, work.Places[place], place) : 1;
}
