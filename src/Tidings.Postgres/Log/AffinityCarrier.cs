using Npgsql;
using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Postgres.Sharding;
using Tidings.Postgres.Stores;

namespace Tidings.Postgres.Log;

/// <summary>
/// Brings to each reader's shard what their likes, shares and comments, stored with the posts, say of whom they care for. How far a shard has come is
/// stored in its own row in the same transaction, so each event counts exactly once however often it is brought.
/// </summary>
internal sealed class AffinityCarrier(RecordServers servers, RecordWrites writes, EventLog log)
{
    private const int EventsMax = 1_024;

    private const int LeftFlag = 256;

    private const string RowsSql = """
        SELECT a.reader, a.person, a.score, a.viewed_minute, a.messaged_minute FROM unnest($2, $3) AS i(reader, person)
        JOIN affinity a ON (a.shard, a.reader, a.person) = ($1, i.reader, i.person)
        """;

    private const string ClosedSql = "SELECT person FROM closed WHERE person = ANY($1)";

    private const string ReachedSql = """
        INSERT INTO positions VALUES ('affinity', $1)
        ON CONFLICT (reader) DO UPDATE SET position = greatest(positions.position, excluded.position)
        """;

    private readonly Event[] _events = new Event[EventsMax];
    private readonly SemaphoreSlim _one = new(1);
    private long _position = -1;

    /// <summary>The log's position that all readers' affinity has come to, as far as this process knows.</summary>
    public long Reached => Math.Max(0, Volatile.Read(ref _position));

    /// <returns>False where nothing is left.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_position < 0)
                _position = await PositionAsync(ct);
            var count = await ReadAsync(ct);
            if (count == 0)
                return false;
            var reached = _events[count - 1].Position;
            var byShard = _events.Take(count).Where(happened => Weight(happened) > 0 && happened.Actor != happened.Other)
                .GroupBy(happened => Shard.Of(happened.Actor)).ToArray();
            await Task.WhenAll(byShard.Select(group => ApplyAsync(group.Key, [.. group], reached, ct).AsTask()));
            if (byShard.Length > 0)
                await NoteAsync(reached, ct);
            _position = reached;
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await log.ReadHereAsync(_position, _events, ct);
        }
        catch (EventsExpiredException e)
        {
            // Nobody carried for as long as the log goes back: what has expired is worth next to nothing by now.
            _position = e.First - 1;
            return await log.ReadHereAsync(_position, _events, ct);
        }
    }

    private ValueTask<int> ApplyAsync(short shard, Event[] events, long reached, CancellationToken ct) => writes.CommitAsync(shard, () =>
    [
        Statement.Of(RowsSql).With(shard).With(Array.ConvertAll(events, e => e.Actor.Value)).With(Array.ConvertAll(events, e => e.Other.Value)),
        Statement.Of(ClosedSql).With(Array.ConvertAll(events, e => e.Actor.Value)),
    ], async (answers, draft) =>
    {
        var found = await answers.AllAsync(AffinityRow.Read, CancellationToken.None);
        var closed = (await answers.AllAsync(row => row.GetInt64(0), CancellationToken.None)).ToHashSet();
        if (reached <= draft.Row.Carried)
            return 0;
        var rows = found.DistinctBy(row => (row.Reader, row.Person)).ToDictionary(row => (row.Reader, row.Person));
        var changed = new HashSet<(UserId, UserId)>();
        foreach (var happened in events)
        {
            if (happened.Position <= draft.Row.Carried || closed.Contains(happened.Actor.Value))
                continue;
            var pair = (happened.Actor, happened.Other);
            rows[pair] = (rows.GetValueOrDefault(pair) ?? AffinityRow.Nothing(happened.Actor, happened.Other)).With(Weight(happened), happened.UnixMs);
            changed.Add(pair);
        }
        AffinityRow.Stage(draft, changed.Select(pair => rows[pair]));
        draft.Carried(reached);
        return changed.Count;
    }, ct);

    private static double Weight(in Event happened) => happened.Kind switch
    {
        EventKind.Commented => InteractionWeights.Comment,
        EventKind.MarkChanged when happened.Detail == ((long)Mark.Like | LeftFlag) => InteractionWeights.Like,
        EventKind.MarkChanged when happened.Detail == ((long)Mark.Share | LeftFlag) => InteractionWeights.Share,
        _ => 0,
    };

    private async Task<long> PositionAsync(CancellationToken ct)
    {
        await using var command = servers.Home.CreateCommand("SELECT position FROM positions WHERE reader = 'affinity'");
        return await command.ExecuteScalarAsync(ct) is long position ? position : 0;
    }

    private async Task NoteAsync(long position, CancellationToken ct)
    {
        await using var command = servers.Home.CreateCommand(ReachedSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position });
        await command.ExecuteNonQueryAsync(ct);
    }
}
