using Npgsql;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// Everything of one person. What is with others' posts is found by an index on each server. Closing begins in the person's own shard: from then on it will
/// happen. Then every server is told, at a moment at which no decision is open there: so whatever they were about to do is done or refused,
/// and what <see cref="Remains"/> looks for can't grow any more.
/// </summary>
internal sealed class PersonalDataStore(
    RecordServers servers, RecordReads reads, RecordWrites writes, CredentialStore credentials, Joining joining, Remains remains) : IPersonalData
{
    private const string CommentsSql = """
        SELECT c.id, c.post, c.text FROM comments c JOIN posts p ON (p.shard, p.id) = (c.shard, c.post)
        WHERE c.author = $1 AND c.id < $2 AND NOT c.deleted AND NOT p.deleted AND c.shard IN (SELECT shard FROM shards WHERE state > 0)
        ORDER BY c.id DESC LIMIT $3
        """;

    private const string MarkedSql =
        "SELECT post FROM marks WHERE person = $1 AND mark = $2 AND post < $3" + RecordReads.AndHere + " ORDER BY post DESC LIMIT $4";

    private const string ClosedSql = "SELECT person FROM people WHERE state IN (2, 3)" + RecordReads.AndHere;

    private const string StateSql = "SELECT handle, state FROM people WHERE shard = $1 AND person = $2";

    private const string TellSql = "INSERT INTO closed VALUES ($1) ON CONFLICT DO NOTHING";

    private const string CloseSql = "UPDATE people SET state = 2, password_hash = '' WHERE shard = $1 AND person = $2";

    private const string SpreadSql = "UPDATE people SET state = 3 WHERE shard = $1 AND person = $2 AND state = 2";

    private const string EraseSql = "UPDATE people SET state = 4, handle = '', name = '', bio = '', identity = '' WHERE shard = $1 AND person = $2";

    private sealed record Row(string Handle, PersonState State);

    public async ValueTask<IReadOnlyList<Comment>> CommentsAsync(UserId person, CommentId before, int max, CancellationToken ct)
    {
        var from = before.Value == 0 ? long.MaxValue : before.Value;
        var found = await reads.AllAsync(
            () => Statement.Of(CommentsSql).With(person.Value).With(from).With(max),
            row => new Comment(new CommentId(row.GetInt64(0)), new PostId(row.GetInt64(1)), person, row.Text(2)), ct);
        return [.. found.OrderByDescending(comment => comment.Id).Take(max)];
    }

    public async ValueTask<int> MarkedAsync(UserId person, Mark mark, PostId before, Memory<PostId> into, CancellationToken ct)
    {
        var found = await reads.AllAsync(
            () => Statement.Of(MarkedSql).With(person.Value).With((short)mark).With(before.Value).With(into.Length), row => new PostId(row.GetInt64(0)), ct);
        var newest = found.OrderDescending().Take(into.Length).ToArray();
        newest.CopyTo(into);
        return newest.Length;
    }

    public async ValueTask<bool> CloseAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var isClosed = await writes.CommitAsync(shard, () => [Statement.Of(StateSql).With(shard).With(person.Value)], async (answers, draft) =>
        {
            if (await answers.OneAsync(Read, CancellationToken.None) is not { State: PersonState.Here })
                return false;
            draft.Stage(Statement.Of(CloseSql).With(shard).With(person.Value));
            draft.Stage(Statement.Of(TellSql).With(person.Value));
            return true;
        }, ct);
        if (isClosed)
            await SpreadAsync(person, CancellationToken.None);
        return isClosed;
    }

    public async ValueTask<bool> EraseSomeAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var rows = await reads.OneAsync(shard, () => Statement.Of(StateSql).With(shard).With(person.Value), Read, ct);
        if (rows is not [{ State: PersonState.Closing or PersonState.Closed } row])
            return false;
        if (row.State == PersonState.Closing)
            await SpreadAsync(person, ct);
        if (await remains.RemoveSomeAsync(person, ct))
            return true;
        await joining.GiveBackAsync(row.Handle, person, ct);
        await writes.CommitAsync(shard, () => [Statement.Of(StateSql).With(shard).With(person.Value)], async (answers, draft) =>
        {
            if (await answers.OneAsync(Read, CancellationToken.None) is not { State: PersonState.Closed })
                return false;
            draft.Stage(Statement.Of(EraseSql).With(shard).With(person.Value));
            draft.Tell(EventKind.PersonErased, person, person, PostId.None, 0);
            return true;
        }, ct);
        return false;
    }

    public async ValueTask<IReadOnlyList<UserId>> ClosedAsync(CancellationToken ct) =>
        await reads.AllAsync(() => Statement.Of(ClosedSql), row => new UserId(row.GetInt64(0)), ct);

    private async ValueTask SpreadAsync(UserId person, CancellationToken ct)
    {
        foreach (var server in servers.All)
            await writes.AloneAsync(server, () => [Statement.Of(TellSql).With(person.Value)], ct);
        await credentials.RemoveAllAsync(person, static _ => true, ct);
        var shard = Shard.Of(person);
        await writes.StoreAsync(shard, draft => draft.Stage(Statement.Of(SpreadSql).With(shard).With(person.Value)), ct);
    }

    private static Row Read(NpgsqlDataReader row) => new(row.GetString(0), (PersonState)row.GetInt16(1));
}
