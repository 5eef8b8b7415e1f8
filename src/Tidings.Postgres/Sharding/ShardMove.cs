using Npgsql;
using Tidings.Postgres.Log;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Moves a shard to another server while all go on: only what would change this shard waits, as long as the copy takes, and what would read it for
/// the blink of the hand-over.
/// <list type="number">
/// <item>At the source the shard is <see cref="ShardState.Leaving"/>: nothing changes any more. Its events are taken into the log.</item>
/// <item>Its rows are copied, in one transaction of the target, with how far it has come; there it is <see cref="ShardState.Away"/>.</item>
/// <item>At the source it is <see cref="ShardState.Away"/>, at the target <see cref="ShardState.Here"/>, and the map says so.</item>
/// <item>What is left at the source goes by the sweep, a minute later: who began to read it there may finish.</item>
/// </list>
/// At no moment two servers take changes. A move that was cut off is finished by asking for it again.
/// </summary>
internal sealed class ShardMove(RecordServers servers, Relay relay, TimeProvider clock)
{
    /// <summary>How long what was left behind is kept for those who are reading it.</summary>
    public const long KeptMs = 60_000;

    private const int RowsPerSweep = 5_000;

    private const long LockKey = 0x7469640000000000;

    /// <summary>Every table whose rows belong to a shard; events on their way out stay where they are taken from.</summary>
    public static readonly string[] Tables =
    [
        "people", "handles", "credentials", "ties", "tie_counts", "unfinished_ties", "posts", "bodies", "claims", "marks", "comments", "deleted_posts",
        "audience_lists", "audience_members", "affinity", "fan_out_modes", "notifications", "notification_reads", "impressions",
    ];

    private const string StateSql = "SELECT state, moving_to FROM shards WHERE shard = $1";

    private const string LeaveSql = "UPDATE shards SET state = 2, moving_to = $2 WHERE shard = $1 AND state = 1";

    private const string ArriveSql = """
        INSERT INTO shards (shard, state, event, last_id, last_list, carried, notified) VALUES ($1, 0, $2, $3, $4, $5, $6)
        ON CONFLICT (shard) DO UPDATE SET
            state = 0, moving_to = -1, left_unix_ms = 0, event = excluded.event, last_id = excluded.last_id, last_list = excluded.last_list,
            carried = excluded.carried, notified = excluded.notified
        """;

    private const string FarSql = "SELECT event, last_id, last_list, carried, notified FROM shards WHERE shard = $1";

    private const string LeftSql = "SELECT shard FROM shards WHERE state = 0 AND left_unix_ms BETWEEN 1 AND $1 LIMIT 1 FOR UPDATE";

    /// <exception cref="ArgumentOutOfRangeException">There is no such shard or server.</exception>
    /// <exception cref="PostgresRecordException">It is on its way to a third server: finish that first.</exception>
    public async Task MoveAsync(short shard, int target, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Shard.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(target, servers.All.Count);
        await using var home = await servers.Home.OpenConnectionAsync(ct);
        await RunAsync(home, Statement.Of("SELECT pg_advisory_lock($1)").With(LockKey + shard), ct);
        try
        {
            await servers.ReadMapAsync(ct);
            if (servers.NumberOf(shard) != target)
                await MoveAsync(home, shard, target, ct);
        }
        finally
        {
            await RunAsync(home, Statement.Of("SELECT pg_advisory_unlock($1)").With(LockKey + shard), CancellationToken.None);
        }
    }

    /// <summary>Removes some of what moves have left behind on a server.</summary>
    /// <returns>How many rows.</returns>
    public static async ValueTask<int> SweepAsync(NpgsqlDataSource server, long nowUnixMs, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var left = await AskAsync(connection, Statement.Of(LeftSql).With(nowUnixMs - KeptMs), row => row.GetInt16(0), ct);
        if (left is not [var shard])
            return 0;
        var removed = 0;
        foreach (var table in Tables)
        {
            removed += await RunAsync(connection, Statement.Of(
                $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE shard = $1 LIMIT $2))").With(shard).With(RowsPerSweep), ct);
        }
        if (removed == 0)
            removed = await RunAsync(connection, Statement.Of("DELETE FROM shards WHERE shard = $1 AND state = 0").With(shard), ct);
        await transaction.CommitAsync(ct);
        return removed;
    }

    private async Task MoveAsync(NpgsqlConnection home, short shard, int target, CancellationToken ct)
    {
        await using var from = await servers.Of(shard).OpenConnectionAsync(ct);
        await using var to = await servers.All[target].OpenConnectionAsync(ct);
        await RunAsync(from, Statement.Of(LeaveSql).With(shard).With(target), ct);
        var (state, goesTo) = (await AskAsync(from, Statement.Of(StateSql).With(shard), row => ((ShardState)row.GetInt16(0), row.GetInt32(1)), ct)).Single();
        if (goesTo != target)
            throw new PostgresRecordException($"Shard {shard} is on its way to server {goesTo}: move it there first.");
        if (state == ShardState.Leaving)
        {
            while (await AskAsync(from, Statement.Of("SELECT 1 FROM outbox WHERE shard = $1 LIMIT 1").With(shard), _ => true, ct) is [_])
                await relay.StepAsync(ct);
            await CopyAsync(from, to, shard, ct);
            await RunAsync(from, Statement.Of("UPDATE shards SET state = 0, left_unix_ms = $2 WHERE shard = $1")
                .With(shard).With(clock.GetUtcNow().ToUnixTimeMilliseconds()), ct);
        }
        await RunAsync(to, Statement.Of("UPDATE shards SET state = 1 WHERE shard = $1").With(shard), ct);
        await RunAsync(home, Statement.Of("UPDATE shard_map SET server = $2 WHERE shard = $1").With(shard).With(target), ct);
        await servers.ReadMapAsync(ct);
    }

    private static async Task CopyAsync(NpgsqlConnection from, NpgsqlConnection to, short shard, CancellationToken ct)
    {
        var far = (await AskAsync(from, Statement.Of(FarSql).With(shard), ShardRow.Read, ct)).Single();
        await using var transaction = await to.BeginTransactionAsync(ct);
        await RunAsync(to, Statement.Of(ArriveSql)
            .With(shard).With(far.Event).With(far.LastId).With(far.LastList).With(far.Carried).With(far.Notified), ct);
        foreach (var table in Tables)
        {
            await RunAsync(to, Statement.Of($"DELETE FROM {table} WHERE shard = $1").With(shard), ct);
            await using var read = await from.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table} WHERE shard = {shard}) TO STDOUT (FORMAT BINARY)", ct);
            await using var write = await to.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT BINARY)", ct);
            await read.CopyToAsync(write, ct);
        }
        await transaction.CommitAsync(ct);
    }

    private static async Task<List<T>> AskAsync<T>(
        NpgsqlConnection connection, NpgsqlBatchCommand statement, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        batch.Timeout = 0;
        batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await new Answers(reader).AllAsync(read, ct);
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, NpgsqlBatchCommand statement, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        batch.Timeout = 0;
        batch.BatchCommands.Add(statement);
        return await batch.ExecuteNonQueryAsync(ct);
    }
}
