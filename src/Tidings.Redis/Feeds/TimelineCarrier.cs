using Tidings.Events;

namespace Tidings.Redis.Feeds;

/// <summary>
/// Brings posts from the log to timelines that lack them, because Redis or the way there was away when they were published. One process of the cluster runs
/// it. A step that failed is done again: adding twice changes nothing.
/// </summary>
public sealed class TimelineCarrier
{
    private const int EventsPerStep = 1_024;

    private readonly IEventLog _log;
    private readonly AuthorTimelines _timelines;
    private readonly Event[] _events = new Event[EventsPerStep];

    internal TimelineCarrier(IEventLog log, AuthorTimelines timelines, long position) => (_log, _timelines, Position) = (log, timelines, position);

    /// <summary>The last event that was dealt with.</summary>
    public long Position { get; private set; }

    /// <summary>Waits for events and deals with them.</summary>
    /// <exception cref="RedisAwayException">Begin again later.</exception>
    public async Task StepAsync(CancellationToken ct)
    {
        var count = await _log.ReadAsync(Position, _events, ct);
        var published = _events.Take(count).Where(happened => happened.Kind == EventKind.PostPublished);
        await Task.WhenAll(published.Select(happened => _timelines.AddAsync(happened.Actor, happened.Post, ct)));
        Position = _events[count - 1].Position;
    }
}
