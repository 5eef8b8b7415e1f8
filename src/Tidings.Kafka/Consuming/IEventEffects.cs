using Tidings.Events;

namespace Tidings.Kafka.Consuming;

/// <summary>
/// What a group of consumers makes of events. It keeps, for each partition, the position of the last event whose effect is in it, and stores that with the
/// effect in one transaction: then an event counts once however often it comes, and a consumer that lost its partition and doesn't know it yet can't
/// bring back what is old.
/// </summary>
public interface IEventEffects
{
    /// <returns>The stored position of a partition; 0 where there is none.</returns>
    ValueTask<long> ReachedAsync(string topic, int partition, CancellationToken ct);

    /// <summary>
    /// Applies events of one partition, in order, and stores the position of the last with them. Events not above the stored position are passed over. Either
    /// all are applied or none. What it throws counts as a try of the event, or sends the events one by one where there were several.
    /// </summary>
    /// <exception cref="EffectsAwayException">Nothing is wrong with the events: what the effects need is away. They are tried again without an end.</exception>
    ValueTask ApplyAsync(string topic, int partition, ReadOnlyMemory<Event> events, CancellationToken ct);
}

/// <summary>What the effects need, a database for instance, can't be reached for now.</summary>
public sealed class EffectsAwayException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A group stood still for longer than events are kept: some are gone unread. The message says what to do.</summary>
public sealed class EventsLostException(string message, Exception inner) : Exception(message, inner);

/// <summary>What a consumer has still to do, over its partitions.</summary>
/// <param name="Events">Messages behind the ends of its partitions, as far as the last fetches told.</param>
/// <param name="Seconds">How long ago the oldest of them happened, at most; 0 where there are none.</param>
public readonly record struct ConsumerLag(long Events, double Seconds);
