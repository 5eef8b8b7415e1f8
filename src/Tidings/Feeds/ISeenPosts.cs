using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <param name="DwellMs">How long it was on the screen, 0 to <see cref="ReportImpressions.DwellMsMax"/>; 0 where nobody knows.</param>
public readonly record struct Impression(PostId Post, uint DwellMs);

/// <summary>
/// Which posts a reader has been shown: those reported today and in the <see cref="DaysBefore"/> days before, by UTC. What was seen longer ago may
/// count as new.
/// </summary>
public interface ISeenPosts
{
    const int DaysBefore = 7;

    /// <summary>Posts that are remembered of one reader, at least; the newest reports go first.</summary>
    const int PostsMin = 3_072;

    /// <summary>Whether each post was shown. Never false for one that was, within the bounds above; true for one that wasn't in less than
    /// 1 of 100 cases.</summary>
    ValueTask SeenAsync(UserId reader, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct);

    /// <summary>Notes one report, with one event. An unknown reader is <c>person_not_found</c>.</summary>
    ValueTask<Result<bool>> NoteAsync(UserId reader, ReadOnlyMemory<Impression> shown, CancellationToken ct);

    /// <summary>What the report said that <see cref="Events.EventKind.PostsShown"/> tells of; empty where it has expired.</summary>
    ValueTask<IReadOnlyList<Impression>> ReportAsync(Events.Event told, CancellationToken ct);
}
