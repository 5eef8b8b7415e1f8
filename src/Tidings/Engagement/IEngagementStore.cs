using Tidings.People;
using Tidings.Posts;

namespace Tidings.Engagement;

/// <summary>A mark that a person leaves on a post at most once. The numbers are part of the stored format.</summary>
public enum Mark : byte { Like = 1, Share = 2, Hide = 3 }

public sealed record Comment(CommentId Id, PostId Post, UserId Author, string Text)
{
    public const int TextCharsMax = 2_000;
}

public readonly record struct Commented(CommentId Id, bool Replayed);

/// <summary>
/// Likes, shares, hides and comments. The mark, the post's counter and the event change together and exactly once, however often a request is
/// sent or raced; so does the actor's affinity for the author, at once or, where it is kept elsewhere, a moment later. A missing or deleted post is <c>post_not_found</c>; whether the actor may see
/// it is asked before.
/// </summary>
public interface IEngagementStore
{
    /// <param name="on">True leaves the mark, false takes it back.</param>
    /// <returns>Whether anything changed.</returns>
    ValueTask<Result<bool>> MarkAsync(UserId actor, PostId post, Mark mark, bool on, CancellationToken ct);

    /// <summary>Whether the viewer left the mark on each of the posts.</summary>
    ValueTask MarkedAsync(UserId viewer, Mark mark, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct);

    /// <summary>Who left the mark, rising by id after <paramref name="after"/>; see <see cref="Graph.IGraphStore.ListAsync"/>.</summary>
    ValueTask<int> MarkersAsync(PostId post, Mark mark, UserId after, Memory<UserId> into, CancellationToken ct);

    ValueTask<Result<Commented>> CommentAsync(UserId actor, PostId post, string text, IdempotencyClaim? claim, CancellationToken ct);

    /// <summary>By the comment's author or the post's, else <c>comment_not_found</c>.</summary>
    /// <returns>False where it was deleted before.</returns>
    ValueTask<Result<bool>> DeleteCommentAsync(UserId actor, PostId post, CommentId comment, CancellationToken ct);

    /// <summary>Comments in the order in which they were made, after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<Comment>> CommentsAsync(PostId post, CommentId after, int max, CancellationToken ct);
}
