using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// The servers and which shard is where. The map stands in a table of the home server and is read again whenever a server says that it hasn't a
/// shard (any more): the row of the shard itself decides, so a map that is old misleads nobody.
/// </summary>
internal sealed class RecordServers(NpgsqlDataSource[] servers) : IAsyncDisposable
{
    private int[] _map = [];

    public NpgsqlDataSource Home => servers[0];

    public IReadOnlyList<NpgsqlDataSource> All => servers;

    public int NumberOf(short shard) => Volatile.Read(ref _map)[shard];

    public NpgsqlDataSource Of(short shard) => servers[NumberOf(shard)];

    public async Task ReadMapAsync(CancellationToken ct)
    {
        await using var command = Home.CreateCommand("SELECT server FROM shard_map ORDER BY shard");
        await using var rows = await command.ExecuteReaderAsync(ct);
        var map = new List<int>(Shard.Count);
        while (await rows.ReadAsync(ct))
            map.Add(rows.GetInt32(0));
        if (map.Count != Shard.Count)
            throw new PostgresRecordException($"The map of shards on the home server has {map.Count} rows, not {Shard.Count}.");
        if (map.Max() >= servers.Length)
            throw new PostgresRecordException($"The record is on {map.Max() + 1} servers; {servers.Length} are configured. Name them all, in the same order.");
        Volatile.Write(ref _map, [.. map]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }
}
