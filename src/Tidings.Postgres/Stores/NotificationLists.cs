using Npgsql;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>Lists of notifications as they stand in the tables: a row for each group, so that a like writes one of them.</summary>
internal static class NotificationLists
{
    /// <summary>At least one row for each owner; without a serial where nothing was told.</summary>
    private const string GetSql = """
        SELECT o.owner, r.read_to, n.serial, n.id, n.kind, n.post, n.unix_ms, n.actors, n.sources, n.forgotten FROM unnest($2) AS o(owner)
        LEFT JOIN notification_reads r ON (r.shard, r.owner) = ($1, o.owner)
        LEFT JOIN notifications n ON (n.shard, n.owner) = ($1, o.owner)
        ORDER BY n.id DESC, n.serial DESC
        """;

    private const string SetSql = """
        INSERT INTO notifications VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (shard, owner, serial) DO UPDATE
        SET id = excluded.id, unix_ms = excluded.unix_ms, actors = excluded.actors, sources = excluded.sources, forgotten = excluded.forgotten
        """;

    private const string RemoveSql = "DELETE FROM notifications WHERE shard = $1 AND owner = $2 AND serial = ANY($3)";

    private const string ReadSql =
        "INSERT INTO notification_reads VALUES ($1, $2, $3) ON CONFLICT (shard, owner) DO UPDATE SET read_to = excluded.read_to";

    public sealed record Row(UserId Owner, long ReadTo, NotificationGroup? Group);

    public static NpgsqlBatchCommand Get(short shard, params UserId[] owners) =>
        Statement.Of(GetSql).With(shard).With(Array.ConvertAll(owners, owner => owner.Value));

    public static Row Read(NpgsqlDataReader row) => new(
        new UserId(row.GetInt64(0)), row.IsDBNull(1) ? 0 : row.GetInt64(1), row.IsDBNull(2) ? null : new NotificationGroup(
            row.GetInt64(2), row.GetInt64(3), (NotificationKind)row.GetInt16(4), new PostId(row.GetInt64(5)), row.GetInt64(6),
            [.. row.GetFieldValue<long[]>(7).Zip(row.GetFieldValue<long[]>(8), (actor, source) => new NotificationAct(new UserId(actor), source))],
            row.GetInt32(9)));

    public static Dictionary<UserId, NotificationList> Gather(IEnumerable<Row> rows) => rows.GroupBy(row => row.Owner).ToDictionary(
        ofOwner => ofOwner.Key,
        ofOwner => ofOwner.Any(row => row.Group is not null || row.ReadTo != 0)
            ? new NotificationList([.. ofOwner.Where(row => row.Group is not null).Select(row => row.Group!)], ofOwner.First().ReadTo)
            : NotificationList.Empty);

    /// <summary>Writes the groups that are others than before, and removes those that are gone.</summary>
    public static void Stage(Draft draft, UserId owner, NotificationList before, NotificationList now)
    {
        var old = before.Groups.ToDictionary(group => group.Serial);
        foreach (var group in now.Groups)
        {
            if (old.Remove(group.Serial, out var was) && ReferenceEquals(was, group))
                continue;
            draft.Stage(Statement.Of(SetSql)
                .With(draft.Shard).With(owner.Value).With(group.Serial).With(group.Id).With((short)group.Kind).With(group.Post.Value).With(group.UnixMs)
                .With(group.Acts.Select(act => act.Actor.Value).ToArray()).With(group.Acts.Select(act => act.Source).ToArray()).With(group.Forgotten));
        }
        if (old.Count > 0)
            draft.Stage(Statement.Of(RemoveSql).With(draft.Shard).With(owner.Value).With(old.Keys.ToArray()));
        if (now.ReadTo != before.ReadTo)
            draft.Stage(Statement.Of(ReadSql).With(draft.Shard).With(owner.Value).With(now.ReadTo));
    }
}
