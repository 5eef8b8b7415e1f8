using Tidings.Affinity;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

/// <summary>
/// Marks and comments: the row, the counter, the affinity and the event in one decision, so a counter is exactly the number of rows, however
/// requests race. Taking a mark back leaves the affinity as it is: the interest was there.
/// </summary>
internal sealed class EngagementStore(
    Writer writer, PeopleTable people, PostTable posts, MarkTable marks, CommentTable comments, AffinityTable affinity, ClaimTable claims)
    : IEngagementStore
{
    private const int LeftFlag = 256;

    public ValueTask<Result<bool>> MarkAsync(UserId actor, PostId post, Mark mark, bool on, CancellationToken ct) =>
        writer.CommitAsync((self: this, actor, post, mark, on), static (draft, state) =>
            state.self.Decide(draft, state.actor, state.post, state.mark, state.on), ct);

    public ValueTask MarkedAsync(UserId viewer, Mark mark, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct)
    {
        if (people.Exists(viewer))
            marks.Get(viewer, mark, posts.Span, into.Span);
        else
            into.Span[..posts.Length].Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> MarkersAsync(PostId post, Mark mark, UserId after, Memory<UserId> into, CancellationToken ct) =>
        new(marks.Markers(post, mark, after, into.Span));

    public ValueTask<Result<Commented>> CommentAsync(UserId actor, PostId post, string text, IdempotencyClaim? claim, CancellationToken ct) =>
        writer.CommitAsync((self: this, actor, post, text, claim), static (draft, state) =>
            state.self.AddComment(draft, state.actor, state.post, state.text, state.claim), ct);

    public ValueTask<Result<bool>> DeleteCommentAsync(UserId actor, PostId post, CommentId comment, CancellationToken ct) =>
        writer.CommitAsync((self: this, actor, post, comment), static (draft, state) =>
            state.self.DeleteComment(draft, state.actor, state.post, state.comment), ct);

    public ValueTask<IReadOnlyList<Comment>> CommentsAsync(PostId post, CommentId after, int max, CancellationToken ct) =>
        new(comments.Page(post, after, max));

    private Result<bool> Decide(Draft draft, UserId actor, PostId post, Mark mark, bool on)
    {
        var header = posts.Get(draft, post);
        if (!header.Exists)
            return Rejection.NotFound("post");
        if (!people.Exists(draft, actor))
            return Rejection.NotFound("person");
        if (marks.Get(draft, actor, mark, post) == on)
            return false;

        marks.Set(draft, actor, mark, post, on);
        var step = on ? 1 : -1;
        if (mark == Mark.Like)
            posts.Set(draft, header with { Counts = header.Counts with { Likes = header.Counts.Likes + step } });
        if (mark == Mark.Share)
            posts.Set(draft, header with { Counts = header.Counts with { Shares = header.Counts.Shares + step } });
        if (on && mark is Mark.Like or Mark.Share)
            affinity.Add(draft, actor, header.Author, mark == Mark.Like ? InteractionWeights.Like : InteractionWeights.Share);
        draft.Tell(EventKind.MarkChanged, actor, header.Author, post, (byte)mark | (on ? LeftFlag : 0));
        return true;
    }

    private Result<Commented> AddComment(Draft draft, UserId actor, PostId post, string text, IdempotencyClaim? claim)
    {
        var made = claims.Find(draft, actor, claim, ClaimKind.Comment);
        if (!made.IsOk)
            return made.Rejection;
        if (made.Value != 0)
            return new Commented(new CommentId(made.Value), Replayed: true);
        var header = posts.Get(draft, post);
        if (!header.Exists)
            return Rejection.NotFound("post");
        if (!people.Exists(draft, actor))
            return Rejection.NotFound("person");

        var id = new CommentId(draft.NextTimeOrderedId());
        comments.Set(draft, post, id, new CommentRow(actor, Deleted: false, text));
        posts.Set(draft, header with { Counts = header.Counts with { Comments = header.Counts.Comments + 1 } });
        affinity.Add(draft, actor, header.Author, InteractionWeights.Comment);
        claims.Set(draft, actor, claim, ClaimKind.Comment, id.Value);
        draft.Tell(EventKind.Commented, actor, header.Author, post, id.Value);
        return new Commented(id, Replayed: false);
    }

    private Result<bool> DeleteComment(Draft draft, UserId actor, PostId post, CommentId comment)
    {
        var header = posts.Get(draft, post);
        if (!header.Exists)
            return Rejection.NotFound("post");
        if (comments.Get(draft, post, comment) is not { } row || (row.Author != actor && header.Author != actor))
            return Rejection.NotFound("comment");
        if (row.Deleted)
            return false;

        comments.Set(draft, post, comment, row with { Deleted = true, Text = "" });
        posts.Set(draft, header with { Counts = header.Counts with { Comments = header.Counts.Comments - 1 } });
        draft.Tell(EventKind.CommentDeleted, actor, header.Author, post, comment.Value);
        return true;
    }
}
