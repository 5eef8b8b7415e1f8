using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Decisions. One about one shard takes two round trips: the first begins a transaction, locks the shard's row and reads what the decision needs; the
/// second writes what it staged and commits. <c>synchronous_commit</c> is on, so what was committed is on the server's disk. Decisions of this
/// process that wait for the same shard share a transaction: each sees what those before it wrote, and all are answered by one commit. If it fails before
/// that, each is tried alone, so one that is at fault fails nobody else.
/// <para>One about two shards locks the lower first, whatever their servers. On one server it is one transaction. On two it is two: the first commits
/// with a note of what is unfinished, then the second; who finds the note later finishes it.</para>
/// </summary>
internal sealed class RecordWrites
{
    /// <summary>Transactions of this process that hold or await one shard: more would only hold connections while they wait.</summary>
    private const int AtOncePerShard = 2;

    private readonly SemaphoreSlim[] _gates;
    private readonly ShardQueue[] _queues;

    /// <summary>A decision about two shards holds a connection while it waits for another. A quarter of them at most: never all.</summary>
    private readonly SemaphoreSlim _pairs;
    private readonly RecordServers _servers;
    private readonly RecordReads _reads;
    private readonly TimeProvider _clock;

    public RecordWrites(RecordServers servers, RecordReads reads, TimeProvider clock, int connectionsMax)
    {
        (_servers, _reads, _clock, _pairs) = (servers, reads, clock, new SemaphoreSlim(connectionsMax / 4));
        _gates = [.. Enumerable.Range(0, Shard.Count).Select(_ => new SemaphoreSlim(AtOncePerShard))];
        _queues = [.. Enumerable.Range(0, Shard.Count).Select(shard => new ShardQueue(group => RunAsync((short)shard, group)))];
    }

    /// <summary>Called after a commit with events.</summary>
    public Action Told { get; set; } = static () => { };

    /// <param name="ask">What the decision has to know, read under the lock.</param>
    /// <param name="decide">Takes the answers in their order and stages what is to be written; may be called again where nothing came of it.</param>
    public ValueTask<T> CommitAsync<T>(
        short shard, Func<NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<T>> decide, CancellationToken ct) =>
        _queues[shard].AddAsync(new Decision<T>(ask, decide), ct);

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
                    await _reads.FindAsync(first, tries, ct);
                await using var pair = new Pair<TSide>(_servers, shards, order);
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

    private async Task RunAsync(short shard, IReadOnlyList<Decision> group)
    {
        await _gates[shard].WaitAsync();
        try
        {
            if (await TryRunAsync(shard, group) is not { } failed)
                return;
            foreach (var decision in group)
            {
                var why = group.Count == 1 || failed.IsFinal ? failed : await TryRunAsync(shard, [decision]);
                if (why is not null)
                    decision.Fail(why.Why);
            }
        }
        finally
        {
            _gates[shard].Release();
        }
    }

    /// <param name="IsFinal">The commit was sent: nobody knows what came of it, so nothing is tried again.</param>
    private sealed record Failure(Exception Why, bool IsFinal);

    /// <returns>Null where all were answered.</returns>
    private async Task<Failure?> TryRunAsync(short shard, IReadOnlyList<Decision> group)
    {
        var isFinal = false;
        try
        {
            for (var tries = 0; ; tries++)
            {
                if (tries > 0)
                    await _reads.FindAsync(shard, tries, CancellationToken.None);
                await using var connection = await _servers.Of(shard).OpenConnectionAsync();
                var draft = await OpenAsync(connection, shard, group[0].Ask(), group[0].DecideAsync, CancellationToken.None);
                if (draft is null)
                    continue;
                foreach (var decision in group.Skip(1))
                    await GoOnAsync(connection, draft, decision);
                isFinal = true;
                await SealAsync(connection, [draft]);
                break;
            }
        }
        catch (Exception e)
        {
            // An error of a statement came before the commit could be tried.
            return new Failure(e, isFinal && e is not PostgresException { InvariantSeverity: "ERROR" });
        }
        foreach (var decision in group)
            decision.Answer();
        return null;
    }

    /// <summary>Writes what the decisions before have staged, and reads what this one has to know: one round trip.</summary>
    private static async Task GoOnAsync(NpgsqlConnection connection, Draft draft, Decision decision)
    {
        await using var batch = connection.CreateBatch();
        draft.MoveTo(batch.BatchCommands);
        foreach (var question in decision.Ask())
            batch.BatchCommands.Add(question);
        if (batch.BatchCommands.Count == 0)
            batch.BatchCommands.Add(Statement.Of("SELECT"));
        await using var reader = await batch.ExecuteReaderAsync();
        await decision.DecideAsync(new Answers(reader), draft);
    }

    /// <returns>Null where the shard isn't here.</returns>
    internal async ValueTask<Draft?> OpenAsync(
        NpgsqlConnection connection, short shard, NpgsqlBatchCommand[] ask, Func<Answers, Draft, ValueTask> decide, CancellationToken ct, bool begin = true)
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
            return null;
        var draft = new Draft(shard, rows[0], _clock.GetUtcNow().ToUnixTimeMilliseconds());
        await decide(answers, draft);
        return draft;
    }

    /// <summary>Nothing cancels this: half of the answers would not be known.</summary>
    private async ValueTask SealAsync(NpgsqlConnection connection, Draft[] drafts)
    {
        await using var batch = connection.CreateBatch();
        foreach (var draft in drafts)
            draft.Seal(batch.BatchCommands);
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
            if (!await OpenAsync(writes, low, ask, take, begin: true, ct))
                return false;
            var same = lowServer == highServer;
            _connections[high] = same ? _connections[low] : await highServer.OpenConnectionAsync(ct);
            return await OpenAsync(writes, high, ask, take, begin: !same, ct);
        }

        private async ValueTask<bool> OpenAsync(
            RecordWrites writes, int side, Func<int, NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<TSide>> take, bool begin,
            CancellationToken ct) =>
            await writes.OpenAsync(_connections[side]!, shards[side], ask(side), async (answers, draft) =>
                _sides[side] = (draft, await take(answers, draft)), ct, begin) is not null;

        private async ValueTask<bool> OpenSameAsync(
            RecordWrites writes, Func<int, NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<TSide>> take, CancellationToken ct)
        {
            _connections[1] = _connections[0];
            return await writes.OpenAsync(_connections[0]!, shards[0], [.. ask(0), .. ask(1)], async (answers, draft) =>
            {
                _sides[0] = (draft, await take(answers, draft));
                _sides[1] = (draft, await take(answers, draft));
            }, ct) is not null;
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
