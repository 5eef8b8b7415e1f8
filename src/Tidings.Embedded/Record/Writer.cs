using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;

namespace Tidings.Embedded.Record;

/// <summary>
/// The one thread that changes the record. Everything that changes is a decision: a function that reads (memory and what its group staged),
/// and either stages rows and answers, or rejects and stages nothing.
/// 1. The writer takes what waits, at most GroupMax decisions, and runs them one after the other.
/// 2. What they staged is written as one batch, on disk whole or not at all; with <see cref="Durability.Always"/> the disk confirms it.
/// 3. Then, never before, the tables publish it to readers, and the callers are answered, on other threads (<see cref="Answers"/>).
/// While the disk confirms one group the next one gathers: the busier, the larger the groups.
///
/// Failure: a write or a sync that fails, or a decision that throws after it staged something (a bug), ends the writer. What was not answered,
/// and all that comes later, gets <see cref="RecordFailedException"/>; <see cref="Failed"/> completes, and the host ends the process: a disk that
/// failed a sync once is not asked again. A decision that throws before it staged anything fails alone. Too little free space refuses a group
/// before it is decided.
/// Cancellation: takes a caller out of the queue. Once its decision was taken it is committed and answered, cancelled or not: no caller is
/// left without knowing.
/// Limits: QueueMax callers wait in the queue; who comes after waits for room.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly Database _database;
    private readonly IReadOnlyList<Table> _tables;
    private readonly FreeSpace _space;
    private readonly TimeProvider _clock;
    private readonly bool _syncEach;
    private readonly int _groupMax;
    private readonly SemaphoreSlim _room;
    private readonly object _gate = new();
    private readonly Queue<Request> _queue = new();
    private readonly List<Request> _group = [];
    private readonly Draft _draft;
    private readonly Thread _thread;
    private readonly ITimer? _syncTimer;
    private readonly TaskCompletionSource<RecordFailedException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReachedRow _reached;
    private RecordFailedException? _failure;
    private bool _closing, _syncDue, _unsynced;

    public Writer(Database database, IReadOnlyList<Table> tables, ReachedRow reached, EmbeddedOptions options, TimeProvider clock, FreeSpace space)
    {
        _database = database;
        _tables = tables;
        _reached = reached;
        _space = space;
        _clock = clock;
        _groupMax = options.GroupMax;
        _syncEach = options.Durability == Durability.Always;
        _room = new SemaphoreSlim(options.QueueMax, options.QueueMax);
        _draft = new Draft(database.Columns);
        _thread = new Thread(Run) { IsBackground = true, Name = "tidings writer" };
        var interval = TimeSpan.FromMilliseconds(options.IntervalMs);
        _syncTimer = _syncEach ? null : clock.CreateTimer(_ => AskForSync(), null, interval, interval);
        _thread.Start();
    }

    /// <summary>Completes when the record has failed, never in one that is well.</summary>
    public Task<RecordFailedException> Failed => _failed.Task;

    /// <returns>What the decision answered, once it is on disk and readers see it.</returns>
    /// <exception cref="StorageFullException">Nothing was changed.</exception>
    /// <exception cref="RecordFailedException">The change may or may not be on disk.</exception>
    public ValueTask<T> CommitAsync<TState, T>(TState state, Func<Draft, TState, T> decide, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var request = new Request<TState, T>(state, decide);
        if (!_room.Wait(0, CancellationToken.None))
            return WaitForRoomAsync(request, ct);
        Enqueue(request, ct);
        return request.Answer;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        await _ended.Task;
        if (_syncTimer is not null)
            await _syncTimer.DisposeAsync();
        _draft.Dispose();
        _room.Dispose();
    }

    private async ValueTask<T> WaitForRoomAsync<TState, T>(Request<TState, T> request, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        Enqueue(request, ct);
        return await request.Answer;
    }

    private void Enqueue(Request request, CancellationToken ct)
    {
        request.CancelBy(ct);
        lock (_gate)
        {
            if (_failure is not null || _closing)
            {
                _room.Release();
                if (request.TryTake())
                    request.Fail(_failure ?? (Exception)new ObjectDisposedException(nameof(Writer)));
                return;
            }
            _queue.Enqueue(request);
            if (_queue.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    private void AskForSync()
    {
        lock (_gate)
        {
            _syncDue = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            while (TakeGroup(out var syncDue))
            {
                if (_group.Count > 0)
                    CommitGroup();
                if (syncDue)
                    SyncNow();
            }
            SyncNow();
        }
        catch (Exception e)
        {
            FailAll(e);
        }
        _ended.SetResult();
    }

    /// <returns>False when the writer is closing and nothing waits any more.</returns>
    private bool TakeGroup(out bool syncDue)
    {
        _group.Clear();
        lock (_gate)
        {
            while (_queue.Count == 0 && !_syncDue && !_closing)
                Monitor.Wait(_gate);
            var waiting = Math.Min(_queue.Count, _groupMax);
            for (var i = 0; i < waiting; i++)
                _group.Add(_queue.Dequeue());
            syncDue = _syncDue;
            _syncDue = false;
            if (waiting > 0)
                _room.Release(waiting);
            return waiting > 0 || syncDue || !_closing;
        }
    }

    private void CommitGroup()
    {
        _group.RemoveAll(static request => !request.TryTake());
        if (_space.Refusal() is { } refusal)
        {
            Answers.Send(_group, refusal);
            _group.Clear();
            return;
        }
        _draft.Begin(_reached, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var request in _group)
            request.Decide(_draft);
        if (_draft.Staged > 0)
            Store();
        Answers.Send(_group);
        _group.Clear();
    }

    private void Store()
    {
        foreach (var table in _tables)
            table.Seal(_draft);
        _draft.Seal();
        _database.Write(_draft.Batch, _syncEach);
        _unsynced = !_syncEach;
        _reached = _draft.Reached;
        foreach (var table in _tables)
            table.Publish(_draft);
    }

    private void SyncNow()
    {
        if (!_unsynced)
            return;
        _database.Sync();
        _unsynced = false;
    }

    private void FailAll(Exception cause)
    {
        var failure = new RecordFailedException(_database.Folder, cause);
        List<Request> left;
        lock (_gate)
        {
            _failure = failure;
            left = [.. _queue];
            _queue.Clear();
        }
        Answers.Send(_group, failure);
        Answers.Send([.. left.Where(static request => request.TryTake())], failure);
        if (left.Count > 0)
            _room.Release(left.Count);
        _failed.SetResult(failure);
    }
}
