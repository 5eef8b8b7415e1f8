using Npgsql;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Postgres.Sharding;

/// <summary>How far a shard has come: its row, locked.</summary>
/// <param name="Event">Its newest event.</param>
/// <param name="LastId">The newest id of a post, a comment or a claim that it gave.</param>
/// <param name="LastList">The newest audience list, without the shard's number.</param>
/// <param name="Carried">The position of the log up to which its readers' affinity has come.</param>
/// <param name="Notified">The same of what its people are told.</param>
internal readonly record struct ShardRow(long Event, long LastId, int LastList, long Carried, long Notified)
{
    public const string Lock = "SELECT event, last_id, last_list, carried, notified FROM shards WHERE shard = $1 AND state = 1 FOR NO KEY UPDATE";

    public static ShardRow Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4));
}

/// <summary>
/// What the decisions of one transaction about one shard have staged: statements, events, numbers. It holds the lock of the shard's row from before their
/// reads to the commit, so a shard's decisions happen one after the other, its ids and events are numbered in the order of their commits, and nothing
/// that was read can have changed meanwhile.
/// </summary>
internal sealed class Draft(short shard, ShardRow row, long nowUnixMs)
{
    private const string TellSql =
        "INSERT INTO outbox (shard, event, kind, actor, other, post, detail, unix_ms) SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8)";

    private const string ReachSql =
        "UPDATE shards SET event = $2, last_id = $3, last_list = $4, carried = $5, notified = $6 WHERE shard = $1";

    private readonly List<NpgsqlBatchCommand> _statements = [];
    private readonly List<Event> _told = [];
    private readonly ShardRow _before = row;
    private ShardRow _row = row;

    public short Shard => shard;

    public long NowUnixMs => nowUnixMs;

    public ShardRow Row => _row;

    public bool Tells => _told.Count > 0;

    /// <summary>Nothing was staged that is not staged any more.</summary>
    public bool IsEmpty
    {
        get => field && _statements.Count == 0 && _told.Count == 0 && _row == _before;
        private set;
    } = true;

    public void Stage(NpgsqlBatchCommand statement) => _statements.Add(statement);

    public long NextTimeOrderedId()
    {
        _row = _row with { LastId = TimeOrderedId.Next(_row.LastId, nowUnixMs, shard) };
        return _row.LastId;
    }

    /// <summary>The shard's number in the low 8 bits, and above them one more than the newest.</summary>
    public uint NextAudienceList()
    {
        _row = _row with { LastList = checked(_row.LastList + 1) };
        return checked((uint)_row.LastList * Sharding.Shard.Count) + (uint)shard;
    }

    public void Tell(EventKind kind, UserId actor, UserId other, PostId post, long detail)
    {
        _row = _row with { Event = _row.Event + 1 };
        _told.Add(new Event(_row.Event, kind, actor, other, post, detail, nowUnixMs));
    }

    public void Carried(long position) => _row = _row with { Carried = position };

    public void Notified(long position) => _row = _row with { Notified = position };

    /// <summary>The statements that were staged since this was called last.</summary>
    public void MoveTo(NpgsqlBatchCommandCollection batch)
    {
        foreach (var statement in _statements)
            batch.Add(statement);
        IsEmpty &= _statements.Count == 0;
        _statements.Clear();
    }

    /// <summary>All that is left: statements, events, how far the shard has come.</summary>
    public void Seal(NpgsqlBatchCommandCollection batch)
    {
        MoveTo(batch);
        if (_told.Count > 0)
        {
            batch.Add(Statement.Of(TellSql).With(shard)
                .With(Column(e => e.Position)).With(Column(e => (short)e.Kind)).With(Column(e => e.Actor.Value)).With(Column(e => e.Other.Value))
                .With(Column(e => e.Post.Value)).With(Column(e => e.Detail)).With(Column(e => e.UnixMs)));
        }
        if (_row != _before)
        {
            batch.Add(Statement.Of(ReachSql).With(shard)
                .With(_row.Event).With(_row.LastId).With(_row.LastList).With(_row.Carried).With(_row.Notified));
        }
    }

    private T[] Column<T>(Func<Event, T> field) => [.. _told.Select(field)];
}
