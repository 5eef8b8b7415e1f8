using Npgsql;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Log;

/// <summary>
/// Takes events from the outboxes of all servers into the log. How far each shard's outbox was taken is stored with the events in one transaction, so
/// each event comes into the log exactly once, whatever is killed between taking and removing. Any number of relays may run: they wait for each
/// other at the row that has the log's end.
/// </summary>
internal sealed class Relay(RecordServers servers, EventLog log)
{
    /// <summary>Events of one server in one step.</summary>
    private const int EventsMax = 2_048;

    private const string OutboxSql =
        "SELECT id, shard, event, kind, actor, other, post, detail, unix_ms FROM outbox ORDER BY id LIMIT $1";

    private const string AddSql =
        "INSERT INTO events (position, shard, event, kind, actor, other, post, detail, unix_ms) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Something was told in this process.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0)
            return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it at this very moment: it is awake, which is all that was wanted.
        }
    }

    /// <summary>Waits until something was told here, or for so long.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _wake.WaitAsync(atMost, ct);

    /// <returns>False where there was nothing to take.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken ct)
    {
        var outboxes = await Task.WhenAll(servers.All.Select(server => ReadAsync(server, ct)));
        if (outboxes.All(outbox => outbox.Count == 0))
            return false;
        log.Reached(await TakeAsync([.. outboxes.SelectMany(outbox => outbox)], ct));
        await Task.WhenAll(servers.All.Zip(outboxes, (server, outbox) => RemoveAsync(server, outbox, ct)));
        return true;
    }

    /// <returns>The log's end.</returns>
    private async Task<long> TakeAsync(List<OutboxRow> rows, CancellationToken ct)
    {
        await using var connection = await servers.Home.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (end, taken) = await LockAsync(connection, ct);
        var fresh = Fresh(rows, taken);
        if (fresh.Count == 0)
            return end;
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statement.Of(AddSql)
            .With(fresh.Select((_, i) => end + 1 + i).ToArray()).With(Column(fresh, row => row.Shard)).With(Column(fresh, row => row.Event))
            .With(Column(fresh, row => row.Kind)).With(Column(fresh, row => row.Actor))
            .With(Column(fresh, row => row.Other)).With(Column(fresh, row => row.Post)).With(Column(fresh, row => row.Detail))
            .With(Column(fresh, row => row.UnixMs)));
        batch.BatchCommands.Add(Statement.Of("UPDATE taken SET event = n.event FROM unnest($1, $2) AS n(shard, event) WHERE taken.shard = n.shard")
            .With(taken.Keys.ToArray()).With(taken.Values.ToArray()));
        batch.BatchCommands.Add(Statement.Of("UPDATE numbers SET log_end = $1").With(end + fresh.Count));
        batch.BatchCommands.Add(Statement.Of($"SELECT pg_notify('{EventLog.Channel}', $1)")
            .With((end + fresh.Count).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return end + fresh.Count;
    }

    private static async Task<(long End, Dictionary<short, long> Taken)> LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("SELECT log_end FROM numbers FOR UPDATE"));
        batch.BatchCommands.Add(Statement.Of("SELECT shard, event FROM taken"));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var answers = new Answers(reader);
        var end = await answers.OneAsync(row => row.GetInt64(0), ct);
        var taken = await answers.AllAsync(row => (Shard: row.GetInt16(0), Event: row.GetInt64(1)), ct);
        return (end, taken.ToDictionary(row => row.Shard, row => row.Event));
    }

    /// <summary>The rows that were not taken before, and moves what was taken on.</summary>
    private static List<OutboxRow> Fresh(List<OutboxRow> rows, Dictionary<short, long> taken)
    {
        var fresh = new List<OutboxRow>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Event <= taken[row.Shard])
                continue;
            if (row.Event != taken[row.Shard] + 1)
                throw new InvalidOperationException($"Shard {row.Shard}: event {taken[row.Shard] + 1} is missing in the outbox, {row.Event} is there.");
            taken[row.Shard] = row.Event;
            fresh.Add(row);
        }
        return fresh;
    }

    private static async Task<List<OutboxRow>> ReadAsync(NpgsqlDataSource server, CancellationToken ct)
    {
        await using var command = server.CreateCommand(OutboxSql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = EventsMax });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await new Answers(reader).AllAsync(row => new OutboxRow(
            row.GetInt64(0), row.GetInt16(1), row.GetInt64(2), row.GetInt16(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7),
            row.GetInt64(8)), ct);
    }

    /// <summary>Nothing is lost if this is: what comes again is known to be taken. So it doesn't wait for the disk.</summary>
    private static async Task RemoveAsync(NpgsqlDataSource server, List<OutboxRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await using var batch = server.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of("SET LOCAL synchronous_commit = off"));
        batch.BatchCommands.Add(Statement.Of("DELETE FROM outbox WHERE id = ANY($1)").With(Column(rows, row => row.Id)));
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static T[] Column<T>(List<OutboxRow> rows, Func<OutboxRow, T> field) => [.. rows.Select(field)];

    private readonly record struct OutboxRow(
        long Id, short Shard, long Event, short Kind, long Actor, long Other, long Post, long Detail, long UnixMs);
}
