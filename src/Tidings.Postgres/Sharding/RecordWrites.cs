using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Decisions. One about one shard takes two round trips: the first begins a transaction, locks the shard's row and reads what the decision needs; the
/// second writes what it staged and commits. <c>synchronous_commit</c> is on, so what was committed is on the server's disk.
/// <para>One about two shards locks the lower first, whatever their servers. On one server it is one transaction. On two it is two: the first commits
/// with a note of what is unfinished, then the second; who finds the note later finishes it.</para>
/// </summary>
internal sealed class RecordWrites(RecordServers servers, RecordReads reads, TimeProvider clock, int connectionsMax)
{
    /// <summary>Decisions of this process that hold or await one shard: more would only hold connections while they wait.</summary>
    private const int AtOncePerShard = 2;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Shard.Count).Select(_ => new SemaphoreSlim(AtOncePerShard))];

    /// <summary>A decision about two shards holds a connection while it waits for another. A quarter of them at most: never all.</summary>
    private readonly SemaphoreSlim _pairs = new(connectionsMax / 4);

    /// <summary>Called after a commit with events.</summary>
    public Action Told { get; set; } = static () => { };

    /// <param name="ask">What the decision has to know, read under the lock.</param>
    /// <param name="decide">Takes the answers in their order and stages what is to be written; may be called again where the shard has moved.</param>
    public async ValueTask<T> CommitAsync<T>(
        short shard, Func<NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<T>> decide, CancellationToken ct)
    {
        await _gates[shard].WaitAsync(ct);
        try
        {
            for (var tries = 0; ; tries++)
            {
                if (tries > 0)
                    await reads.FindAsync(shard, tries, ct);
                await using var connection = await servers.Of(shard).OpenConnectionAsync(ct);
                var (found, draft, result) = await OpenAsync(connection, shard, ask(), decide, ct);
                if (!found)
                    continue;
                await SealAsync(connection, [draft!]);
                return result!;
            }
        }
        finally
        {
            _gates[shard].Release();
        }
    }

    /// <summary>Writes without reading.</summary>
    public ValueTask<int> StoreAsync(short shard, Action<Draft> stage, CancellationToken ct) => CommitAsync(shard, () => [], (_, draft) =>
    {
        stage(draft);
        return new ValueTask<int>(0);
    }, ct);

    /// <param name="ask">What has to be known of a side: 0 the first, 1 the second.</param>
    /// <param name="take">Takes a side's answers.</param>
    /// <param name="decide">Stages; is told whether the two are on two servers. The first's transaction commits first.</param>
    /// <param name="finished">Takes back the note of what was unfinished; runs on the first's server where there were two.</param>
    public async ValueTask<TResult> CommitBothAsync<TSide, TResult>(
        short first, short second, Func<int, NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<TSide>> take,
        Func<(Draft Draft, TSide Side), (Draft Draft, TSide Side), bool, TResult> decide, Func<NpgsqlBatchCommand> finished, CancellationToken ct)
        where TSide : class
    {
        var order = first <= second ? new[] { 0, 1 } : [1, 0];
        var shards = new[] { first, second };
        var gates = order.Select(side => _gates[shards[side]]).Distinct().Prepend(_pairs).ToArray();
        var entered = 0;
        try
        {
            for (; entered < gates.Length; entered++)
                await gates[entered].WaitAsync(ct);
            for (var tries = 0; ; tries++)
            {
                if (tries > 0)
                    await reads.FindAsync(first, tries, ct);
                await using var pair = new Pair<TSide>(servers, shards, order);
                if (await pair.OpenAsync(this, ask, take, ct))
                    return await SealBothAsync(pair, decide, finished);
            }
        }
        finally
        {
            foreach (var gate in gates.Take(entered))
                gate.Release();
        }
    }

    /// <summary>Runs statements on one server while no decision is open there: each waits for those before it and none begins until it is done.</summary>
    public async ValueTask AloneAsync(NpgsqlDataSource server, Func<NpgsqlBatchCommand[]> statements, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of("SELECT shard FROM shards ORDER BY shard FOR NO KEY UPDATE"));
        foreach (var statement in statements())
            batch.BatchCommands.Add(statement);
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private async ValueTask<TResult> SealBothAsync<TSide, TResult>(
        Pair<TSide> pair, Func<(Draft Draft, TSide Side), (Draft Draft, TSide Side), bool, TResult> decide, Func<NpgsqlBatchCommand> finished)
        where TSide : class
    {
        var result = decide(pair[0], pair[1], pair.IsSplit);
        if (!pair.IsSplit)
        {
            await SealAsync(pair.Connection(0), pair[0].Draft == pair[1].Draft ? [pair[0].Draft] : [pair[0].Draft, pair[1].Draft]);
            return result;
        }
        var changed = !pair[0].Draft.IsEmpty;
        await SealAsync(pair.Connection(0), [pair[0].Draft]);
        await SealAsync(pair.Connection(1), [pair[1].Draft]);
        if (changed)
            await ForgetAsync(pair.Connection(0), finished());
        return result;
    }

    internal async ValueTask<(bool Found, Draft? Draft, T? Result)> OpenAsync<T>(
        NpgsqlConnection connection, short shard, NpgsqlBatchCommand[] ask, Func<Answers, Draft, ValueTask<T>> decide, CancellationToken ct,
        bool begin = true)
    {
        await using var batch = connection.CreateBatch();
        if (begin)
            batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of(ShardRow.Lock).With(shard));
        foreach (var question in ask)
            batch.BatchCommands.Add(question);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var answers = new Answers(reader);
        var rows = await answers.AllAsync(ShardRow.Read, ct);
        if (rows.Count == 0)
            return default;
        var draft = new Draft(shard, rows[0], clock.GetUtcNow().ToUnixTimeMilliseconds());
        return (true, draft, await decide(answers, draft));
    }

    /// <summary>Nothing cancels this: half of the answers would not be known.</summary>
    private async ValueTask SealAsync(NpgsqlConnection connection, Draft[] drafts)
    {
        await using var batch = connection.CreateBatch();
        foreach (var draft in drafts)
            draft.CopyTo(batch.BatchCommands);
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        if (drafts.Any(draft => draft.Tells))
            Told();
    }

    /// <summary>Nothing is lost if this is: so it doesn't wait for the disk.</summary>
    private static async ValueTask ForgetAsync(NpgsqlConnection connection, NpgsqlBatchCommand finished)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        batch.BatchCommands.Add(Statement.Of("SET LOCAL synchronous_commit = off"));
        batch.BatchCommands.Add(finished);
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The open transactions of a decision about two shards: one connection, or two.</summary>
    private sealed class Pair<TSide>(RecordServers servers, short[] shards, int[] order) : IAsyncDisposable where TSide : class
    {
        private readonly NpgsqlConnection?[] _connections = new NpgsqlConnection?[2];
        private readonly (Draft Draft, TSide Side)[] _sides = new (Draft, TSide)[2];

        public bool IsSplit => _connections[0] != _connections[1];

        public (Draft Draft, TSide Side) this[int side] => _sides[side];

        public NpgsqlConnection Connection(int side) => _connections[side]!;

        /// <returns>False where a shard isn't here.</returns>
        public async ValueTask<bool> OpenAsync(
            RecordWrites writes, Func<int, NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<TSide>> take, CancellationToken ct)
        {
            var (low, high) = (order[0], order[1]);
            var (lowServer, highServer) = (servers.Of(shards[low]), servers.Of(shards[high]));
            _connections[low] = await lowServer.OpenConnectionAsync(ct);
            if (shards[low] == shards[high])
                return await OpenSameAsync(writes, ask, take, ct);
            if (!Keep(low, await writes.OpenAsync(_connections[low]!, shards[low], ask(low), take, ct)))
                return false;
            var same = lowServer == highServer;
            _connections[high] = same ? _connections[low] : await highServer.OpenConnectionAsync(ct);
            return Keep(high, await writes.OpenAsync(_connections[high]!, shards[high], ask(high), take, ct, begin: !same));
        }

        private async ValueTask<bool> OpenSameAsync(
            RecordWrites writes, Func<int, NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<TSide>> take, CancellationToken ct)
        {
            _connections[1] = _connections[0];
            TSide? second = null;
            var opened = await writes.OpenAsync(_connections[0]!, shards[0], [.. ask(0), .. ask(1)], async (answers, draft) =>
            {
                var side = await take(answers, draft);
                second = await take(answers, draft);
                return side;
            }, ct);
            if (!Keep(0, opened))
                return false;
            _sides[1] = (_sides[0].Draft, second!);
            return true;
        }

        private bool Keep(int side, (bool Found, Draft? Draft, TSide? Side) opened)
        {
            if (opened.Found)
                _sides[side] = (opened.Draft!, opened.Side!);
            return opened.Found;
        }

        /// <summary>What was not committed is rolled back when its connection goes back to the pool.</summary>
        public async ValueTask DisposeAsync()
        {
            if (_connections[0] is { } first)
                await first.DisposeAsync();
            if (_connections[1] is { } second && second != _connections[0])
                await second.DisposeAsync();
        }
    }
}
