using Tidings.Events;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>A post is in its author's shard with everything that decides about it: key, audience list, the author's own row.</summary>
internal sealed class PostStore(RecordReads reads, RecordWrites writes) : IPostStore
{
    private const string AddSql = "INSERT INTO posts (shard, id, author, type, audience, list) VALUES ($1, $2, $3, $4, $5, $6)";

    private const string AddBodySql = "INSERT INTO bodies VALUES ($1, $2, 1, $3, $4)";

    private const string EditSql = "UPDATE posts SET audience = $3, list = $4, version = $5, edited_unix_ms = $6 WHERE shard = $1 AND id = $2";

    private const string EditBodySql = "UPDATE bodies SET version = $3, text = CASE WHEN $4 THEN $5 ELSE text END WHERE shard = $1 AND id = $2";

    private const string BodiesSql =
        "SELECT i.place, b.text, b.media, b.version FROM unnest($1, $2, $3) AS i(place, shard, id) JOIN bodies b ON (b.shard, b.id) = (i.shard, i.id)";

    public const string OwnsSql = "SELECT 1 FROM audience_lists WHERE shard = $1 AND list = $2 AND owner = $3";

    public async ValueTask<Result<Published>> PublishAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct)
    {
        var (shard, author) = (Shard.Of(post.Author), post.Author);
        return await writes.CommitAsync(shard, () =>
        [
            Claims.Get(author, claim),
            Statement.Of(PeopleStore.StateSql).With(shard).With(author.Value),
            Owns(shard, post.List, author),
        ], async (answers, draft) =>
        {
            var made = await answers.OneAsync(Claims.Read, CancellationToken.None);
            var isHere = (PersonState)await answers.OneAsync(row => row.GetInt16(0), CancellationToken.None) == PersonState.Here;
            var owns = post.Audience != Audience.Custom || await answers.AnyAsync(CancellationToken.None);
            return Publish(draft, post, claim, made, isHere, owns);
        }, ct);
    }

    public async ValueTask<Result<PostHeader>> EditAsync(PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct)
    {
        var shard = Shard.Of(post);
        return await writes.CommitAsync(shard, () => [PostRows.Get(post), Owns(shard, edit.List, editor)], async (answers, draft) =>
        {
            var header = await answers.OneAsync(PostRows.Read, CancellationToken.None);
            var owns = edit.Audience is not Audience.Custom || await answers.AnyAsync(CancellationToken.None);
            return Edit(draft, header, editor, edit, ifVersion, owns);
        }, ct);
    }

    public async ValueTask<Result<bool>> DeleteAsync(PostId post, UserId author, int? ifVersion, CancellationToken ct) =>
        await writes.CommitAsync(Shard.Of(post), () => [PostRows.Get(post)], async (answers, draft) =>
        {
            var header = await answers.OneAsync(PostRows.Read, CancellationToken.None);
            if (header.Version == 0 || header.Author != author)
                return PostRows.NoSuchPost;
            if (header.Deleted)
                return (Result<bool>)false;
            if (ifVersion is { } version && version != header.Version)
                return AnotherVersion(header, version);
            PostRows.Delete(draft, author, post);
            return (Result<bool>)true;
        }, ct);

    public async ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct)
    {
        var posts = ids.ToArray();
        into.Span[..posts.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(posts, Shard.Of), PostRows.ManySql, (command, places) => command.With(Array.ConvertAll(places, place => posts[place].Value)),
            (row, place) => into.Span[place] = PostRows.Read(row), ct);
    }

    public async ValueTask BodiesAsync(ReadOnlyMemory<PostId> ids, Memory<PostBody?> into, CancellationToken ct)
    {
        var posts = ids.ToArray();
        into.Span[..posts.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(posts, Shard.Of), BodiesSql, (command, places) => command.With(Array.ConvertAll(places, place => posts[place].Value)),
            (row, place) => into.Span[place] = new PostBody(row.Text(1), Array.ConvertAll(row.GetFieldValue<byte[][]>(2), System.Text.Encoding.UTF8.GetString))
            {
                Version = row.GetInt32(3),
            }, ct);
    }

    public ValueTask<int> NewestAsync(ReadOnlyMemory<UserId> authors, PostId before, Memory<PostId> into, CancellationToken ct) =>
        new NewestPosts(reads).OfAsync([.. authors.ToArray().Distinct()], before, into, ct);

    private static Result<Published> Publish(Draft draft, NewPost post, IdempotencyClaim? claim, ClaimRow? made, bool isHere, bool owns)
    {
        if (claim is not null)
        {
            var known = Claims.Check(made, claim, ClaimKind.Post, draft.NowUnixMs);
            if (!known.IsOk)
                return known.Rejection;
            if (known.Value is { } first)
                return new Published(new PostId(first.Made), Replayed: true);
        }
        if (!isHere)
            return PeopleStore.NoSuchPerson;
        if (!owns)
            return AudienceStore.NoSuchList;

        var id = new PostId(draft.NextTimeOrderedId());
        draft.Stage(Statement.Of(AddSql)
            .With(draft.Shard).With(id.Value).With(post.Author.Value).With((short)post.Type).With((short)post.Audience).With((long)post.List.Value));
        draft.Stage(Statement.Of(AddBodySql)
            .With(draft.Shard).With(id.Value).With(Statement.Utf8(post.Body.Text)).With(post.Body.MediaIds.Select(Statement.Utf8).ToArray()));
        if (claim is not null)
            draft.Stage(Claims.Set(post.Author, claim, ClaimKind.Post, id.Value, id.Value, draft.NowUnixMs));
        draft.Tell(EventKind.PostPublished, post.Author, post.Author, id, Mentions.DetailOf(post.Body.Text));
        return new Published(id, Replayed: false);
    }

    private static Result<PostHeader> Edit(Draft draft, PostHeader header, UserId editor, PostEdit edit, int? ifVersion, bool owns)
    {
        if (!header.Exists || header.Author != editor)
            return PostRows.NoSuchPost;
        if (ifVersion is { } version && version != header.Version)
            return AnotherVersion(header, version);
        if (edit.Text is { } text && PostRules.CheckText(header.Type, text) is { } wrong)
            return wrong;
        if (!owns)
            return AudienceStore.NoSuchList;

        var (audience, list) = edit.Audience is { } other ? (other, edit.List) : (header.Audience, header.List);
        var next = header with { Audience = audience, List = list, Version = header.Version + 1, EditedUnixMs = draft.NowUnixMs };
        draft.Stage(Statement.Of(EditSql)
            .With(draft.Shard).With(header.Id.Value).With((short)audience).With((long)list.Value).With(next.Version).With(next.EditedUnixMs));
        draft.Stage(Statement.Of(EditBodySql)
            .With(draft.Shard).With(header.Id.Value).With(next.Version).With(edit.Text is not null).With(Statement.Utf8(edit.Text ?? "")));
        draft.Tell(EventKind.PostEdited, editor, editor, header.Id, 0);
        return next;
    }

    /// <summary>A list of the author is in the author's shard: one with another shard's number is not theirs.</summary>
    private static Npgsql.NpgsqlBatchCommand Owns(short shard, AudienceListId list, UserId author) =>
        Statement.Of(OwnsSql).With(shard).With((long)list.Value).With(author.Value);

    private static Rejection AnotherVersion(in PostHeader header, int version) =>
        new(RejectionKind.Conflict, "version_conflict", $"The post has version {header.Version}, not {version}.");
}
