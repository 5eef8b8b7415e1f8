using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <summary>A client tells which posts it showed. They go below the unseen ones in the ranked feed, and the log has them for training.</summary>
public sealed class ReportImpressions(IPostStore posts, ISeenPosts seen)
{
    public const int ItemsMax = 100;

    /// <summary>A day.</summary>
    public const int DwellMsMax = 86_400_000;

    /// <summary>Posts that aren't there are passed over: they may have been deleted since they were shown.</summary>
    /// <returns>Whether anything was noted.</returns>
    public async ValueTask<Result<bool>> ExecuteAsync(UserId reader, Impression[] shown, CancellationToken ct)
    {
        if (shown.Length is 0 or > ItemsMax)
            return Rejection.Invalid("items", $"A report has 1 to {ItemsMax} posts.");
        if (shown.Any(one => one.DwellMs > DwellMsMax))
            return Rejection.Invalid("dwell_ms", $"Milliseconds, 0 to {DwellMsMax}.");
        var each = shown.DistinctBy(one => one.Post).ToArray();
        var headers = new PostHeader[each.Length];
        await posts.HeadersAsync(Array.ConvertAll(each, one => one.Post), headers, ct);
        var there = each.Where((_, i) => headers[i].Exists).ToArray();
        return there.Length > 0 ? await seen.NoteAsync(reader, there, ct) : false;
    }
}
