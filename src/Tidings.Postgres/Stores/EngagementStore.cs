using Npgsql;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// Marks and comments, in the shard of the post: the row, the counter and the event in one transaction. The rows are the truth and the counter follows
/// them. The affinity of the actor is in another shard: it comes a moment later, by the log, see <see cref="Log.AffinityCarrier"/>. That the actor is
/// somebody is known to the caller, who has their session; that they were closed is known here.
/// </summary>
internal sealed class EngagementStore(RecordReads reads, RecordWrites writes) : IEngagementStore
{
    private const int LeftFlag = 256;

    private const string MarkedSql = """
        SELECT i.place FROM unnest($1, $2, $3) AS i(place, shard, post)
        JOIN marks m ON (m.shard, m.post, m.mark, m.person) = (i.shard, i.post, $4, $5)
        """;

    private const string OneMarkSql = "SELECT 1 FROM marks WHERE shard = $1 AND post = $2 AND mark = $3 AND person = $4";

    private const string LeaveSql = "INSERT INTO marks VALUES ($1, $2, $3, $4)";

    private const string TakeSql = "DELETE FROM marks WHERE shard = $1 AND post = $2 AND mark = $3 AND person = $4";

    private const string MarkersSql =
        "SELECT person FROM marks WHERE shard = $1 AND post = $2 AND mark = $3 AND person > $4 ORDER BY person LIMIT $5";

    private const string CommentsSql = """
        SELECT c.id, c.author, c.text FROM comments c JOIN posts p ON (p.shard, p.id) = (c.shard, c.post)
        WHERE c.shard = $1 AND c.post = $2 AND c.id > $3 AND NOT c.deleted AND NOT p.deleted ORDER BY c.id LIMIT $4
        """;

    private const string OneCommentSql = "SELECT author, deleted FROM comments WHERE shard = $1 AND post = $2 AND id = $3";

    private const string ClaimedSql = "SELECT id FROM comments WHERE claim = $1";

    private const string AddSql = "INSERT INTO comments (shard, post, id, author, claim, text) VALUES ($1, $2, $3, $4, nullif($5, 0), $6)";

    private const string DeleteSql = "UPDATE comments SET deleted = true, text = '' WHERE shard = $1 AND post = $2 AND id = $3";

    private static readonly Rejection NoSuchComment = Rejection.NotFound("comment");

    private sealed record CommentRow(UserId Author, bool Deleted);

    public async ValueTask<Result<bool>> MarkAsync(UserId actor, PostId post, Mark mark, bool on, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        return await writes.CommitAsync(shard, () =>
        [
            PostRows.Get(post), Statement.Of(CredentialStore.ClosedSql).With(actor.Value), With(OneMarkSql, actor, post, mark),
        ], async (answers, draft) =>
        {
            var header = await answers.OneAsync(PostRows.Read, CancellationToken.None);
            var isClosed = await answers.AnyAsync(CancellationToken.None);
            var isOn = await answers.AnyAsync(CancellationToken.None);
            if (!header.Exists)
                return PostRows.NoSuchPost;
            if (isClosed)
                return PeopleStore.NoSuchPerson;
            if (isOn == on)
                return (Result<bool>)false;
            StageMark(draft, header, actor, mark, on);
            return (Result<bool>)true;
        }, ct);
    }

    /// <summary>Leaves or takes back a mark that isn't, or is, there. With a deleted post nothing is counted or told any more.</summary>
    public static void StageMark(Draft draft, in PostHeader header, UserId actor, Mark mark, bool on)
    {
        draft.Stage(With(on ? LeaveSql : TakeSql, actor, header.Id, mark));
        if (!header.Exists)
            return;
        var step = on ? 1 : -1;
        if (mark is Mark.Like or Mark.Share)
            draft.Stage(PostRows.Count(header.Id, mark == Mark.Like ? step : 0, 0, mark == Mark.Share ? step : 0));
        draft.Tell(EventKind.MarkChanged, actor, header.Author, header.Id, (long)mark | (on ? LeftFlag : 0L));
    }

    public async ValueTask MarkedAsync(UserId viewer, Mark mark, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct)
    {
        var ids = posts.ToArray();
        into.Span[..ids.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(ids, Shard.Of), MarkedSql,
            (command, places) => command.With(Array.ConvertAll(places, place => ids[place].Value)).With((short)mark).With(viewer.Value),
            (_, place) => into.Span[place] = true, ct);
    }

    public async ValueTask<int> MarkersAsync(PostId post, Mark mark, UserId after, Memory<UserId> into, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        var people = await reads.OneAsync(
            shard, () => Statement.Of(MarkersSql).With(shard).With(post.Value).With((short)mark).With(after.Value).With(into.Length),
            row => new UserId(row.GetInt64(0)), ct);
        people.CopyTo(into.Span);
        return people.Count;
    }

    public async ValueTask<Result<Commented>> CommentAsync(UserId actor, PostId post, string text, IdempotencyClaim? claim, CancellationToken ct)
    {
        if (claim is null)
            return await AddAsync(actor, post, text, 0, ct);
        var taken = await TakeClaimAsync(actor, claim, ct);
        if (!taken.IsOk)
            return taken.Rejection;
        if (taken.Value.Made != 0)
            return new Commented(new CommentId(taken.Value.Made), Replayed: true);
        var added = await AddAsync(actor, post, text, taken.Value.Claim, ct);
        var shard = Shard.Of(actor);
        if (added.IsOk)
            await writes.StoreAsync(shard, draft => draft.Stage(Claims.Made(actor, claim, taken.Value.Claim, added.Value.Id.Value)), CancellationToken.None);
        else
            await writes.StoreAsync(shard, draft => draft.Stage(Claims.GiveBack(actor, claim, taken.Value.Claim)), CancellationToken.None);
        return added;
    }

    public async ValueTask<Result<bool>> DeleteCommentAsync(UserId actor, PostId post, CommentId comment, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        return await writes.CommitAsync(shard, () =>
        [
            PostRows.Get(post), Statement.Of(OneCommentSql).With(shard).With(post.Value).With(comment.Value),
        ], async (answers, draft) =>
        {
            var header = await answers.OneAsync(PostRows.Read, CancellationToken.None);
            var row = await answers.OneAsync(ReadRow, CancellationToken.None);
            if (!header.Exists)
                return PostRows.NoSuchPost;
            if (row is null || (row.Author != actor && header.Author != actor))
                return NoSuchComment;
            if (row.Deleted)
                return (Result<bool>)false;
            StageDeletion(draft, header, actor, comment);
            return (Result<bool>)true;
        }, ct);
    }

    /// <summary>Deletes a comment that is there. With a deleted post nothing is counted or told any more.</summary>
    public static void StageDeletion(Draft draft, in PostHeader header, UserId actor, CommentId comment)
    {
        draft.Stage(Statement.Of(DeleteSql).With(draft.Shard).With(header.Id.Value).With(comment.Value));
        if (!header.Exists)
            return;
        draft.Stage(PostRows.Count(header.Id, 0, -1, 0));
        draft.Tell(EventKind.CommentDeleted, actor, header.Author, header.Id, comment.Value);
    }

    public async ValueTask<IReadOnlyList<Comment>> CommentsAsync(PostId post, CommentId after, int max, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        return await reads.OneAsync(
            shard, () => Statement.Of(CommentsSql).With(shard).With(post.Value).With(after.Value).With(max),
            row => new Comment(new CommentId(row.GetInt64(0)), post, new UserId(row.GetInt64(1)), row.Text(2)), ct);
    }

    /// <param name="number">The claim's; 0 where there is none.</param>
    private ValueTask<Result<Commented>> AddAsync(UserId actor, PostId post, string text, long number, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        return writes.CommitAsync(shard, () =>
        [
            PostRows.Get(post), Statement.Of(CredentialStore.ClosedSql).With(actor.Value), Statement.Of(ClaimedSql).With(number),
        ], async (answers, draft) =>
        {
            var header = await answers.OneAsync(PostRows.Read, CancellationToken.None);
            var isClosed = await answers.AnyAsync(CancellationToken.None);
            var made = await answers.OneAsync(row => row.GetInt64(0), CancellationToken.None);
            if (made != 0)
                return new Commented(new CommentId(made), Replayed: true);
            if (!header.Exists)
                return PostRows.NoSuchPost;
            if (isClosed)
                return PeopleStore.NoSuchPerson;
            var id = new CommentId(draft.NextTimeOrderedId());
            draft.Stage(Statement.Of(AddSql)
                .With(shard).With(post.Value).With(id.Value).With(actor.Value).With(number).With(Statement.Utf8(text)));
            draft.Stage(PostRows.Count(post, 0, 1, 0));
            draft.Tell(EventKind.Commented, actor, header.Author, post, id.Value);
            return (Result<Commented>)new Commented(id, Replayed: false);
        }, ct);
    }

    /// <summary>The row of the key: this request's, or that of an equal one before or beside it.</summary>
    private ValueTask<Result<ClaimRow>> TakeClaimAsync(UserId actor, IdempotencyClaim claim, CancellationToken ct) =>
        writes.CommitAsync(Shard.Of(actor), () => [Claims.Get(actor, claim)], async (answers, draft) =>
        {
            var now = await answers.OneAsync(Claims.Read, CancellationToken.None);
            var known = Claims.Check(now, claim, ClaimKind.Comment, draft.NowUnixMs);
            if (!known.IsOk)
                return known.Rejection;
            if (known.Value is { } taken)
                return (Result<ClaimRow>)taken;
            var number = draft.NextTimeOrderedId();
            draft.Stage(Claims.Set(actor, claim, ClaimKind.Comment, number, 0, draft.NowUnixMs));
            return (Result<ClaimRow>)new ClaimRow(claim.Fingerprint, ClaimKind.Comment, number, 0, draft.NowUnixMs);
        }, ct);

    private static CommentRow ReadRow(NpgsqlDataReader row) => new(new UserId(row.GetInt64(0)), row.GetBoolean(1));

    private static NpgsqlBatchCommand With(string sql, UserId actor, PostId post, Mark mark) =>
        Statement.Of(sql).With(Shard.Of(post)).With(post.Value).With((short)mark).With(actor.Value);
}
