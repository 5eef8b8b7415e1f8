using Tidings.Events;
using Tidings.Live;

namespace Tidings.Notifications;

/// <summary>
/// Reads the log and tells people what others did. What events change is stored together with the position, so a run that ends at any moment and
/// begins again there counts each exactly once. Events that change nothing store nothing, but for one position in
/// <see cref="UnstoredMax"/>: repeating them is harmless, and most events of a quiet day cost no write.
/// An exception of a port ends the run with the position where it stood; a run that begins there again loses nothing. Events that the log no longer
/// has are passed over: what they would tell has expired.
/// </summary>
public sealed class NotificationWorker(IEventLog log, INotificationStore store, WhoIsTold told, LiveReaders live)
{
    /// <summary>Events of one step: what one transaction holds.</summary>
    public const int EventsMax = 256;

    private const int UnstoredMax = 4_096;

    private readonly Event[] _events = new Event[EventsMax];
    private readonly List<NotificationChange> _changes = [];
    private long _position = -1, _stored;

    /// <summary>The last event that was dealt with; −1 before the first step.</summary>
    public long Position => Volatile.Read(ref _position);

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
            await NextAsync(ct);
    }

    /// <summary>Deals with the events that are there, at most <see cref="EventsMax"/>.</summary>
    /// <returns>False where there are none.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken ct)
    {
        await BeginAsync(ct);
        if (log.End <= _position)
            return false;
        await NextAsync(ct);
        return true;
    }

    private async ValueTask BeginAsync(CancellationToken ct)
    {
        if (_position >= 0)
            return;
        _stored = await store.PositionAsync(ct);
        Volatile.Write(ref _position, _stored);
    }

    private async ValueTask NextAsync(CancellationToken ct)
    {
        await BeginAsync(ct);
        int count;
        try
        {
            count = await log.ReadAsync(_position, _events, ct);
        }
        catch (EventsExpiredException e)
        {
            Volatile.Write(ref _position, e.First - 1);
            return;
        }
        _changes.Clear();
        for (var i = 0; i < count; i++)
            await told.ChangesAsync(_events[i], _changes, ct);

        var reached = _events[count - 1].Position;
        if (_changes.Count > 0 || reached - _stored >= UnstoredMax)
        {
            foreach (var (owner, unread) in await store.ApplyAsync(reached, _changes.ToArray(), ct))
                live.Send(owner, LiveEvent.Notification(unread));
            _stored = reached;
        }
        Volatile.Write(ref _position, reached);
    }
}
