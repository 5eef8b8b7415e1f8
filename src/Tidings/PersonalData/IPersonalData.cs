using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.PersonalData;

/// <summary>All that is one person's, wherever it stands: to hand it out and to take it away.</summary>
public interface IPersonalData
{
    /// <summary>The person's comments older than <paramref name="before"/>, the newest first.</summary>
    ValueTask<IReadOnlyList<Comment>> CommentsAsync(UserId person, CommentId before, int max, CancellationToken ct);

    /// <summary>The posts that the person left a mark on, older than <paramref name="before"/>, the newest first; deleted ones may be among
    /// them.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    ValueTask<int> MarkedAsync(UserId person, Mark mark, PostId before, Memory<PostId> into, CancellationToken ct);

    /// <summary>The point of no return: the person can't sign in or change anything any more, and nobody anything about them. Sessions,
    /// identities and the password are gone.</summary>
    /// <returns>False where there is no such person, or it happened before.</returns>
    ValueTask<bool> CloseAsync(UserId person, CancellationToken ct);

    /// <summary>Removes a small part of what is left of a closed person, with counters and events in the same transaction; the name and the handle
    /// last, so that nothing ever points to nobody.</summary>
    /// <returns>False when nothing is left.</returns>
    ValueTask<bool> EraseSomeAsync(UserId person, CancellationToken ct);

    /// <summary>Who is closed and not erased yet: at a start, those whom a crash left so.</summary>
    ValueTask<IReadOnlyList<UserId>> ClosedAsync(CancellationToken ct);
}
