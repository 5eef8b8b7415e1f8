namespace Tidings.Embedded;

/// <summary>A cache of the record, counted since it opened.</summary>
public readonly record struct CacheFigures(int Entries, int EntriesMax, long Hits, long Misses);

/// <summary>What happened since the record opened, as it was committed.</summary>
/// <param name="Engagements">Likes, shares, hides and comments that were left; those taken back are not subtracted.</param>
public readonly record struct CommittedFigures(long Posts, long Engagements);

/// <summary>How the embedded profile stands: figures that are kept anyway, so asking costs nothing.</summary>
/// <param name="SeenBytes">Of filters of seen posts.</param>
/// <param name="HotPosts">Posts whose headers are in memory.</param>
/// <param name="InboxLimitBytes">For inboxes, timelines and filters of seen posts together.</param>
public sealed record EmbeddedFigures(
    CommittedFigures Committed, long Inboxes, long InboxEntries, long InboxBytes, long TimelineBytes, long SeenBytes, long InboxLimitBytes,
    int HotPosts, long HotPostsMax, long SnapshotBytes, long SnapshotLimitBytes, CacheFigures Bodies, CacheFigures People);
