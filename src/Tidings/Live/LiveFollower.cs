using Tidings.Engagement;
using Tidings.Events;

namespace Tidings.Live;

/// <summary>
/// Follows the log for what concerns open connections and no inbox: counters that changed, and ties after which a reader may see less. It
/// begins at the end of the log: nobody is connected before the start.
/// </summary>
public sealed class LiveFollower(IEventLog log, LiveReaders readers, LiveCounters counters, long position)
{
    private const int EventsPerRead = 256;

    private readonly Event[] _events = new Event[EventsPerRead];
    private long _position = position;

    /// <summary>The last event that was looked at.</summary>
    public long Position => Volatile.Read(ref _position);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            await StepAsync(ct);
    }

    /// <summary>Waits for events and looks at them.</summary>
    public async ValueTask StepAsync(CancellationToken ct)
    {
        var count = await log.ReadAsync(_position, _events, ct);
        if (readers.Count > 0)
        {
            foreach (ref readonly var e in _events.AsSpan(0, count))
                Look(e);
        }
        Volatile.Write(ref _position, _events[count - 1].Position);
    }

    private void Look(in Event e)
    {
        switch (e.Kind)
        {
            case EventKind.TieChanged:
                readers.Recheck(e.Actor);
                readers.Recheck(e.Other);
                break;
            case EventKind.MarkChanged when (Mark)(e.Detail & 0xFF) is Mark.Like or Mark.Share:
            case EventKind.Commented:
            case EventKind.CommentDeleted:
                counters.Changed(e.Post);
                break;
        }
    }
}
