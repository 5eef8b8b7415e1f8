using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Events;

namespace Tidings.Embedded.Record;

/// <summary>
/// The log of events. The newest <see cref="TailMax"/> are in a ring in memory, where those who follow the log find theirs; who is further
/// behind reads the disk.
/// </summary>
/// <param name="end">The newest event's position; 0 in an empty log.</param>
internal sealed class EventLog(Database database, long end) : Table, IEventLog
{
    public const int TailMax = 65_536;

    /// <summary>In the detail of a changed mark: it was left, not taken back.</summary>
    private const int LeftFlag = 256;

    private readonly Event[] _tail = new Event[TailMax];
    private readonly Lock _gate = new();
    private long _end = end;
    /// <summary>The ring holds the events from here to the end.</summary>
    private long _tailFirst = end + 1;
    private TaskCompletionSource? _arrival;
    private long _posts, _engagements;

    public CommittedFigures Committed => new(Volatile.Read(ref _posts), Volatile.Read(ref _engagements));

    public long End => Volatile.Read(ref _end);

    public async ValueTask<int> ReadAsync(long position, Memory<Event> into, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfZero(into.Length);
        while (End <= position)
            await ArrivalAsync(position).WaitAsync(ct);
        var count = ReadTail(position, into.Span);
        return count > 0 ? count : ReadDisk(position, into.Span);
    }

    /// <summary>Fills the ring at the start.</summary>
    /// <exception cref="RecordDamagedException">An event is missing.</exception>
    public void Load()
    {
        var expected = Math.Max(1, End - TailMax + 1);
        Span<byte> from = stackalloc byte[EventRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Events);
        rows.Seek(EventRow.Key(from, expected));
        // Sweeping leaves a gap before the first that is kept, and only there.
        if (rows.Valid) _tailFirst = expected = EventRow.ReadKey(rows.Key);
        for (; rows.Valid; rows.Next(), expected++)
        {
            var happened = EventRow.Read(EventRow.ReadKey(rows.Key), rows.Value);
            if (happened.Position != expected)
                throw new RecordDamagedException(database.Folder, $"Event {expected} is missing, {happened.Position} is there.");
            _tail[expected % TailMax] = happened;
        }
        if (expected != End + 1)
            throw new RecordDamagedException(database.Folder, $"The log of events ends at {expected - 1}; {End} were written.");
    }

    public override void Publish(Draft draft)
    {
        if (draft.Events.Count == 0) return;
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            foreach (var happened in draft.Events)
            {
                _tail[happened.Position % TailMax] = happened;
                Count(happened);
            }
            Volatile.Write(ref _end, draft.Reached.Event);
            _tailFirst = Math.Max(_tailFirst, _end - TailMax + 1);
            (arrival, _arrival) = (_arrival, null);
        }
        arrival?.SetResult();
    }

    private void Count(in Event happened)
    {
        if (happened.Kind == EventKind.PostPublished)
            Volatile.Write(ref _posts, _posts + 1);
        else if (happened.Kind == EventKind.Commented || (happened.Kind == EventKind.MarkChanged && (happened.Detail & LeftFlag) != 0))
            Volatile.Write(ref _engagements, _engagements + 1);
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

    private int ReadTail(long position, Span<Event> into)
    {
        lock (_gate)
        {
            if (position + 1 < _tailFirst) return 0;
            var count = (int)Math.Min(into.Length, _end - position);
            for (var i = 0; i < count; i++)
                into[i] = _tail[(position + 1 + i) % TailMax];
            return count;
        }
    }

    private int ReadDisk(long position, Span<Event> into)
    {
        Span<byte> from = stackalloc byte[EventRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Events);
        var count = 0;
        for (rows.Seek(EventRow.Key(from, position + 1)); count < into.Length && rows.Valid; rows.Next())
        {
            var at = EventRow.ReadKey(rows.Key);
            if (count == 0 && at != position + 1) throw new EventsExpiredException(position, at);
            into[count++] = EventRow.Read(at, rows.Value);
        }
        return count;
    }
}
