using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Reads by key. A batch asks each server once, all servers at the same time; each thing asked for is looked up in its own shard. Before anything
/// else every batch asks whether the shards are here. Where they are, what is read then has all that was committed before the read began, even if
/// a move takes the shard away in between: rows stay behind for a while. Where they aren't, the map is read again.
/// </summary>
internal sealed class RecordReads(RecordServers servers)
{
    /// <summary>How often a shard that is on no server is looked for, and the pause between: as long as a move may take to let go of one.</summary>
    public const int TriesMax = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public const string AndHere = " AND shard IN (SELECT shard FROM shards WHERE state > 0)";

    private const string HereSql = "SELECT count(*) FROM shards WHERE shard = ANY($1) AND state > 0";

    /// <param name="shards">The shard of each item.</param>
    /// <param name="sql">Gets the items' places as $1 (integer[]) and their shards as $2 (smallint[]); the first column of each row is a place.</param>
    /// <param name="more">Adds the parameters from $3 on, for the items at the places given.</param>
    /// <param name="take">Takes a row of an item. Called by several servers at once, never for the same item.</param>
    public async ValueTask EachAsync(
        short[] shards, string sql, Action<NpgsqlBatchCommand, int[]> more, Action<NpgsqlDataReader, int> take, CancellationToken ct)
    {
        await GroupsAsync(shards, places =>
        {
            var command = Statement.Of(sql).With(places).With(Array.ConvertAll(places, place => shards[place]));
            more(command, places);
            return command;
        }, (row, _) => take(row, row.GetInt32(0)), ct);
    }

    /// <summary>One statement for each server that has some of the items.</summary>
    /// <param name="take">Takes a row and the number of its server.</param>
    public async ValueTask GroupsAsync(
        short[] shards, Func<int[], NpgsqlBatchCommand> statement, Action<NpgsqlDataReader, int> take, CancellationToken ct)
    {
        var left = Enumerable.Range(0, shards.Length).ToArray();
        for (var tries = 0; left.Length > 0; tries++)
        {
            if (tries > 0)
                await FindAsync(shards[left[0]], tries, ct);
            var groups = left.GroupBy(place => servers.NumberOf(shards[place])).Select(group => (Server: group.Key, Places: group.ToArray())).ToArray();
            var missed = await Task.WhenAll(Array.ConvertAll(groups, group => ReadAsync(group.Server, group.Places, shards, statement, take, ct)));
            left = [.. groups.Zip(missed).Where(pair => pair.Second).SelectMany(pair => pair.First.Places)];
        }
    }

    /// <summary>One statement about one shard.</summary>
    public async ValueTask<List<T>> OneAsync<T>(short shard, Func<NpgsqlBatchCommand> statement, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        await GroupsAsync([shard], _ => statement(), (row, _) => rows.Add(read(row)), ct);
        return rows;
    }

    /// <summary>Asks every server: for roads on which nobody waits, such as taking out all that is one person's. The statement ends with
    /// <see cref="AndHere"/>. All shards are asked, each on one server: else, while one moves, all is asked again.</summary>
    public async ValueTask<List<T>> AllAsync<T>(Func<NpgsqlBatchCommand> statement, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        for (var tries = 0; ; tries++)
        {
            if (tries > 0)
                await FindAsync(0, tries, ct);
            var found = await Task.WhenAll(servers.All.Select(server => AllAsync(server, statement(), read, ct)));
            if (found.Sum(one => one.Here) == Shard.Count)
                return [.. found.SelectMany(one => one.Rows)];
        }
    }

    /// <summary>Looks at the map again, for a shard that is not where it was.</summary>
    public async ValueTask FindAsync(short shard, int tries, CancellationToken ct)
    {
        if (tries > TriesMax)
            throw new ShardNotHereException(shard);
        if (tries > 1)
            await Task.Delay(Pause, TimeProvider.System, ct);
        await servers.ReadMapAsync(ct);
    }

    private static async Task<(long Here, List<T> Rows)> AllAsync<T>(
        NpgsqlDataSource server, NpgsqlBatchCommand statement, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var batch = server.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("SELECT count(*) FROM shards WHERE state > 0"));
        batch.BatchCommands.Add(statement);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var answers = new Answers(reader);
        return (await answers.OneAsync(row => row.GetInt64(0), ct), await answers.AllAsync(read, ct));
    }

    /// <returns>Whether it must be asked again: a shard is not here.</returns>
    private async Task<bool> ReadAsync(
        int server, int[] places, short[] shards, Func<int[], NpgsqlBatchCommand> statement, Action<NpgsqlDataReader, int> take, CancellationToken ct)
    {
        var asked = places.Select(place => shards[place]).Distinct().ToArray();
        await using var batch = servers.All[server].CreateBatch();
        batch.BatchCommands.Add(Statement.Of(HereSql).With(asked));
        batch.BatchCommands.Add(statement(places));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var answers = new Answers(reader);
        if (await answers.OneAsync(row => row.GetInt64(0), ct) != asked.Length)
            return true;
        while (await reader.ReadAsync(ct))
            take(reader, server);
        return false;
    }
}
