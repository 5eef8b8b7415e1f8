using Npgsql;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// A step of the log changes lists in many shards. Each shard remembers, in the transaction of its changes, up to which event they have come, so a step
/// that was cut off and is done again, whole or cut otherwise, changes each list once. The home server has the position up to which all have.
/// </summary>
internal sealed class NotificationStore(RecordServers servers, RecordReads reads, RecordWrites writes, TimeProvider clock) : INotificationStore
{
    private const string PositionSql = "SELECT position FROM positions WHERE reader = 'notifications'";

    private const string ReachedSql = """
        INSERT INTO positions VALUES ('notifications', $1)
        ON CONFLICT (reader) DO UPDATE SET position = greatest(positions.position, excluded.position)
        """;

    /// <summary>Asked of every server: a deletion is rare, and nobody waits for this.</summary>
    private const string MentionedSql = "SELECT owner FROM notifications WHERE post = $1 AND kind = 7" + RecordReads.AndHere;

    private const string ClosedSql = "SELECT person FROM closed WHERE person = ANY($1)";

    public async ValueTask<long> PositionAsync(CancellationToken ct)
    {
        await using var command = servers.Home.CreateCommand(PositionSql);
        return await command.ExecuteScalarAsync(ct) is long position ? position : 0;
    }

    public async ValueTask<IReadOnlyList<(UserId Owner, int Unread)>> ApplyAsync(
        long position, ReadOnlyMemory<NotificationChange> changes, CancellationToken ct)
    {
        if (await PositionAsync(ct) >= position)
            return [];
        var whole = await WithOwnersAsync(changes.ToArray(), ct);
        var told = await Task.WhenAll(whole.GroupBy(change => Shard.Of(change.Owner))
            .Select(ofShard => ApplyAsync(ofShard.Key, position, [.. ofShard], ct).AsTask()));
        await using var command = servers.Home.CreateCommand(ReachedSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position });
        await command.ExecuteNonQueryAsync(ct);
        return [.. told.SelectMany(one => one)];
    }

    public async ValueTask<NotificationList> ListAsync(UserId owner, CancellationToken ct)
    {
        var shard = Shard.Of(owner);
        var rows = await reads.OneAsync(shard, () => NotificationLists.Get(shard, owner), NotificationLists.Read, ct);
        return NotificationLists.Gather(rows)[owner];
    }

    public async ValueTask<int> ReadAsync(UserId owner, long upTo, CancellationToken ct)
    {
        var list = await ListAsync(owner, ct);
        if (ReferenceEquals(list.Read(upTo), list))
            return list.Unread(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var shard = Shard.Of(owner);
        return await writes.CommitAsync(shard, () => [NotificationLists.Get(shard, owner)], async (answers, draft) =>
        {
            var now = NotificationLists.Gather(await answers.AllAsync(NotificationLists.Read, CancellationToken.None))[owner];
            var read = now.Read(upTo);
            NotificationLists.Stage(draft, owner, now, read);
            return read.Unread(draft.NowUnixMs);
        }, ct);
    }

    private ValueTask<List<(UserId Owner, int Unread)>> ApplyAsync(short shard, long position, NotificationChange[] changes, CancellationToken ct)
    {
        var owners = changes.Select(change => change.Owner).Distinct().ToArray();
        return writes.CommitAsync(shard, () =>
        [
            NotificationLists.Get(shard, owners), Statement.Of(ClosedSql).With(Array.ConvertAll(owners, owner => owner.Value)),
        ], async (answers, draft) =>
        {
            var before = NotificationLists.Gather(await answers.AllAsync(NotificationLists.Read, CancellationToken.None));
            var closed = (await answers.AllAsync(row => new UserId(row.GetInt64(0)), CancellationToken.None)).ToHashSet();
            var now = new Dictionary<UserId, NotificationList>(before);
            // Whoever is being erased is told nothing any more.
            foreach (var change in changes.Where(change => change.Position > draft.Row.Notified && !closed.Contains(change.Owner)))
                now[change.Owner] = now[change.Owner].With(change);
            var told = new List<(UserId, int)>();
            foreach (var owner in owners.Where(owner => !ReferenceEquals(now[owner], before[owner])))
            {
                NotificationLists.Stage(draft, owner, before[owner], now[owner]);
                told.Add((owner, now[owner].Unread(draft.NowUnixMs)));
            }
            if (position > draft.Row.Notified)
                draft.Notified(position);
            return told;
        }, ct);
    }

    /// <summary>What concerns everyone who was mentioned, told for each of them: those in the store, and those of this step.</summary>
    private async ValueTask<List<NotificationChange>> WithOwnersAsync(NotificationChange[] changes, CancellationToken ct)
    {
        var whole = new List<NotificationChange>(changes.Length);
        foreach (var change in changes)
        {
            if (change.Owner.Value != 0)
            {
                whole.Add(change);
                continue;
            }
            var stored = await reads.AllAsync(() => Statement.Of(MentionedSql).With(change.Post.Value), row => new UserId(row.GetInt64(0)), ct);
            var ofThisStep = whole
                .Where(one => one.Op != NotificationOp.Take && one.Kind == NotificationKind.Mention && one.Post == change.Post).Select(one => one.Owner);
            whole.AddRange(stored.Concat(ofThisStep).Distinct().Select(owner => change with { Owner = owner }).ToArray());
        }
        return whole;
    }
}
