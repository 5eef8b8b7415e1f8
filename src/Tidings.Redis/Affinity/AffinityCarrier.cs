using Tidings.Events;

namespace Tidings.Redis.Affinity;

/// <summary>
/// Follows the log for what changes whom readers care for, and drops what Redis has of them. One process of the cluster runs it. A step that failed is done
/// again.
/// </summary>
public sealed class AffinityCarrier
{
    private const int EventsPerStep = 1_024;

    private readonly IEventLog _log;
    private readonly AffinityCache _cache;
    private readonly Func<long> _reached;
    private readonly Event[] _events = new Event[EventsPerStep];

    internal AffinityCarrier(IEventLog log, AffinityCache cache, long position, Func<long> reached) =>
        (_log, _cache, Position, _reached) = (log, cache, position, reached);

    /// <summary>The last event that was dealt with.</summary>
    public long Position { get; private set; }

    /// <summary>Deals with events, as far as the record's affinity has come: what is dropped before would be filled with what was before.</summary>
    /// <returns>False where nothing is left.</returns>
    /// <exception cref="RedisAwayException">Begin again later.</exception>
    public async ValueTask<bool> StepAsync(CancellationToken ct)
    {
        var end = Math.Min(_log.End, _reached());
        if (end <= Position)
            return false;
        var count = await _log.ReadAsync(Position, _events, ct);
        var passed = _events.Take(count).Where(happened => happened.Position <= end).ToArray();
        var readers = passed.Where(Changes).Select(happened => happened.Actor).Distinct().ToArray();
        if (readers.Length > 0)
            await _cache.DropAsync(readers, ct);
        Position = passed[^1].Position;
        return true;
    }

    private static bool Changes(Event happened) => happened.Kind is
        EventKind.Commented or EventKind.MarkChanged or EventKind.Messaged or EventKind.ProfileViewed or EventKind.PersonErased;
}
