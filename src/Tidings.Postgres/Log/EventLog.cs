using Npgsql;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Postgres.Log;

/// <summary>
/// The log of events on the home server, as the <see cref="Relay"/> made it from the outboxes of all shards: one row of positions without gaps, in
/// which each shard's events stand in the order of their commits. An event is in the log a moment after the commit that tells it. Each process
/// listens for what any relay adds.
/// </summary>
internal sealed class EventLog(NpgsqlDataSource home) : IEventLog
{
    public const string Channel = "tidings_log";

    private const string ReadSql =
        "SELECT position, kind, actor, other, post, detail, unix_ms FROM events WHERE position > $1 ORDER BY position LIMIT $2";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private TaskCompletionSource? _arrival;
    private long _end;

    public long End => Volatile.Read(ref _end);

    public async ValueTask<int> ReadAsync(long position, Memory<Event> into, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfZero(into.Length);
        while (End <= position)
            await ArrivalAsync(position).WaitAsync(ct);
        return await ReadHereAsync(position, into, ct);
    }

    /// <summary>The same without waiting: 0 at the end.</summary>
    public async ValueTask<int> ReadHereAsync(long position, Memory<Event> into, CancellationToken ct)
    {
        await using var command = home.CreateCommand(ReadSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = into.Length });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var count = 0;
        while (await rows.ReadAsync(ct))
            into.Span[count++] = Read(rows);
        if (count > 0 && into.Span[0].Position != position + 1)
            throw new EventsExpiredException(position, into.Span[0].Position);
        return count;
    }

    /// <summary>Asks the home server how far the log goes.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var command = home.CreateCommand("SELECT log_end FROM numbers");
        Reached((long)(await command.ExecuteScalarAsync(ct))!);
    }

    /// <summary>Listens until it is cancelled. A connection that breaks is made anew: what was added meanwhile is looked up.</summary>
    public async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await home.OpenConnectionAsync(ct);
                connection.Notification += (_, added) => Reached(long.Parse(added.Payload, System.Globalization.CultureInfo.InvariantCulture));
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
                    await listen.ExecuteNonQueryAsync(ct);
                await LookAsync(ct);
                while (true)
                    await connection.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>The log goes as far as this.</summary>
    public void Reached(long end)
    {
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            if (end <= _end)
                return;
            Volatile.Write(ref _end, end);
            (arrival, _arrival) = (_arrival, null);
        }
        arrival?.SetResult();
    }

    private Task ArrivalAsync(long position)
    {
        lock (_gate)
        {
            if (_end > position) return Task.CompletedTask;
            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _arrival.Task;
        }
    }

    private static Event Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), (EventKind)row.GetInt16(1), new UserId(row.GetInt64(2)), new UserId(row.GetInt64(3)), new PostId(row.GetInt64(4)),
        row.GetInt64(5), row.GetInt64(6));
}
