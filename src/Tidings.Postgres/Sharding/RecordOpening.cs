using System.Security.Cryptography;
using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Looks at the servers at a start: whether they may hold a record, and whether they hold the same one, each under its own number. A server that is new
/// to the record gets its number and the rows of the shards that the map gives it in one transaction: later a row that is missing is never made anew,
/// for with it the shard's posts would be missing too.
/// </summary>
internal sealed class RecordOpening(NpgsqlDataSource[] servers, TimeProvider clock)
{
    private const long LockKey = 0x746964696e6774;

    private const int VersionMin = 150_000;

    private const string MapSql = "INSERT INTO shard_map SELECT shard, shard % $1 FROM generate_series(0, 255) AS shard";

    private const string HomeSql = "INSERT INTO record (number, record, cursor_key) VALUES (0, $1, $2) ON CONFLICT DO NOTHING";

    private const string AddSql = "INSERT INTO record (number, record, cursor_key) VALUES ($1, $2, '')";

    /// <returns>The key of cursors, made at the first start.</returns>
    /// <exception cref="PostgresRecordException">A server can't hold the record. The message says what to do.</exception>
    public async Task<byte[]> OpenAsync(CancellationToken ct)
    {
        for (var number = 0; number < servers.Length; number++)
        {
            await CheckAsync(servers[number], number, ct);
            await Migrations.Migrations.ApplyAsync(servers[number], clock, ct);
        }
        await using var home = await servers[0].OpenConnectionAsync(ct);
        await RunAsync(home, Statement.Of($"SELECT pg_advisory_lock({LockKey})"), ct);
        try
        {
            var (record, key) = await HomeAsync(home, ct);
            for (var number = 0; number < servers.Length; number++)
                await AddAsync(home, number, record, ct);
            return key;
        }
        finally
        {
            await RunAsync(home, Statement.Of($"SELECT pg_advisory_unlock({LockKey})"), CancellationToken.None);
        }
    }

    private static async Task CheckAsync(NpgsqlDataSource server, int number, CancellationToken ct)
    {
        await using var command = server.CreateCommand(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery(), "
            + "current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')");
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        if (row.GetInt32(0) < VersionMin)
            throw new PostgresRecordException($"Server {number} is older than PostgreSQL 15.");
        if (row.GetString(1) != "UTF8")
            throw new PostgresRecordException($"Server {number}: the database has encoding {row.GetString(1)}. Make one with UTF8.");
        if (row.GetBoolean(2))
            throw new PostgresRecordException($"Server {number} is a replica. Name the primary: nothing is decided on a replica.");
        if (row.GetString(3) != "on" || row.GetString(4) != "on" || row.GetString(5) == "off")
            throw new PostgresRecordException($"Server {number} loses commits: set fsync, full_page_writes and synchronous_commit to on.");
    }

    private async Task<(byte[] Record, byte[] Key)> HomeAsync(NpgsqlConnection home, CancellationToken ct)
    {
        var found = await AskAsync(home, Statement.Of("SELECT record, cursor_key, number FROM record"), row => (row.Bytes(0), row.Bytes(1), row.GetInt32(2)), ct);
        if (found is [var (record, key, number)])
            return number == 0 ? (record, key) : throw new PostgresRecordException($"The home server, named first, is server {number} of its record.");
        (record, key) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(32));
        await using var batch = home.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of(HomeSql).With(record).With(key));
        batch.BatchCommands.Add(Statement.Of(MapSql).With(servers.Length));
        AddShards(batch, [.. Enumerable.Range(0, Shard.Count).Where(shard => shard % servers.Length == 0).Select(shard => (short)shard)]);
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
        return (record, key);
    }

    private async Task AddAsync(NpgsqlConnection home, int number, byte[] record, CancellationToken ct)
    {
        await using var connection = await servers[number].OpenConnectionAsync(ct);
        var found = await AskAsync(connection, Statement.Of("SELECT record, number FROM record"), row => (Record: row.Bytes(0), Number: row.GetInt32(1)), ct);
        if (found is [var known])
        {
            if (!known.Record.AsSpan().SequenceEqual(record))
                throw new PostgresRecordException($"Server {number} holds another record than the home server.");
            if (known.Number != number)
                throw new PostgresRecordException($"Server {number} is server {known.Number} of this record: name the servers in their order.");
            return;
        }
        var shards = await AskAsync(home, Statement.Of("SELECT shard FROM shard_map WHERE server = $1").With(number), row => row.GetInt16(0), ct);
        // Whoever was closed is closed everywhere, also where nothing of theirs can be yet.
        var closed = await AskAsync(home, Statement.Of("SELECT person FROM closed"), row => row.GetInt64(0), ct);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of(AddSql).With(number).With(record));
        batch.BatchCommands.Add(Statement.Of("INSERT INTO closed SELECT unnest($1)").With(closed.ToArray()));
        AddShards(batch, [.. shards]);
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static void AddShards(NpgsqlBatch batch, short[] shards) =>
        batch.BatchCommands.Add(Statement.Of("INSERT INTO shards (shard, state) SELECT unnest($1), 1").With(shards));

    private static async Task<List<T>> AskAsync<T>(
        NpgsqlConnection connection, NpgsqlBatchCommand statement, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await new Answers(reader).AllAsync(read, ct);
    }

    private static Task RunAsync(NpgsqlConnection connection, NpgsqlBatchCommand statement, CancellationToken ct) =>
        AskAsync(connection, statement, _ => true, ct);
}
