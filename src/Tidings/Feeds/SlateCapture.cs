using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// Writes a served page down as a slate: what is on it, in its order, then the best of what isn't. The features are made again from the same
/// facts by the same code, so they are what the model was asked.
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
        RankCandidates.FillFeatures(work, nowUnixMs, sessionDepth, taken[..count]);

        (into.Reader, into.UnixMs, into.Variant, into.Share, into.Count) = (work.Reader, nowUnixMs, plan.Variant, plan.Share, count);
        work.FeatureRows.AsSpan(0, count * Features.Count).CopyTo(into.FeatureRows);
        var first = page.Count - work.ShownCount;
        for (var row = 0; row < count; row++)
        {
            var i = taken[row];
            var shown = row < work.ShownCount;
            into.Entries[row] = new SlateEntry(
                work.Ids[i], work.Headers[i].Author, shown ? first + row : -1, shown ? PropensityAt(work, plan, row) : 1, work.Scores[i]);
        }
    }

    private static float PropensityAt(FeedWorkspace work, RankingPlan plan, int place) =>
        place < work.Explored ? Exploration.Propensity(plan.Profile.ExploreShare, work.Explored, work.Places[place], place) : 1;
}
