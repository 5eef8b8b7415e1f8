using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Engagement;

/// <summary>Likes, shares, hides: a person can leave them only on what they can see.</summary>
public sealed class MarkPost(SeePosts see, IEngagementStore engagement)
{
    public async ValueTask<Result<bool>> ExecuteAsync(UserId actor, PostId post, Mark mark, bool on, CancellationToken ct)
    {
        var seen = await see.OneAsync(actor, post, ct);
        return seen.IsOk ? await engagement.MarkAsync(actor, post, mark, on, ct) : seen.Rejection;
    }
}

public sealed class CommentOnPost(SeePosts see, IEngagementStore engagement)
{
    public async ValueTask<Result<Commented>> ExecuteAsync(
        UserId actor, PostId post, string text, IdempotencyClaim? claim, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Comment.TextCharsMax)
            return Rejection.Invalid("text", $"A comment has 1 to {Comment.TextCharsMax} characters and is not blank.");
        var seen = await see.OneAsync(actor, post, ct);
        return seen.IsOk ? await engagement.CommentAsync(actor, post, text, claim, ct) : seen.Rejection;
    }

    public async ValueTask<Result<bool>> DeleteAsync(UserId actor, PostId post, CommentId comment, CancellationToken ct)
    {
        var seen = await see.OneAsync(actor, post, ct);
        return seen.IsOk ? await engagement.DeleteCommentAsync(actor, post, comment, ct) : seen.Rejection;
    }
}

/// <summary>The comments and the people behind the marks of a post, without those between whom and the viewer a block stands.</summary>
public sealed class ReadEngagement(SeePosts see, SeePeople seePeople, IEngagementStore engagement)
{
    /// <returns>The page, and the comment after which the next one begins: 0 at the end.</returns>
    public async ValueTask<Result<(IReadOnlyList<Comment> Comments, CommentId Next)>> CommentsAsync(
        UserId viewer, PostId post, CommentId after, int max, CancellationToken ct)
    {
        var seen = await see.OneAsync(viewer, post, ct);
        if (!seen.IsOk)
            return seen.Rejection;
        var (page, next) = await seePeople.PageAsync(
            viewer, after.Value, max, (from, room) => engagement.CommentsAsync(post, new CommentId(from), room, ct),
            static comment => (comment.Id.Value, comment.Author), ct);
        return (page, new CommentId(next));
    }

    /// <returns>The page, and the person after whom the next one begins: 0 at the end.</returns>
    public async ValueTask<Result<(IReadOnlyList<UserId> People, UserId Next)>> MarkersAsync(
        UserId viewer, PostId post, Mark mark, UserId after, int max, CancellationToken ct)
    {
        var seen = await see.OneAsync(viewer, post, ct);
        if (!seen.IsOk)
            return seen.Rejection;
        var (page, next) = await seePeople.PageAsync(
            viewer, after.Value, max, (from, room) => MarkersAsync(post, mark, new UserId(from), room, ct), static person => (person.Value, person), ct);
        return (page, new UserId(next));
    }

    private async ValueTask<IReadOnlyList<UserId>> MarkersAsync(PostId post, Mark mark, UserId after, int max, CancellationToken ct)
    {
        var into = new UserId[max];
        return into[..await engagement.MarkersAsync(post, mark, after, into, ct)];
    }
}
