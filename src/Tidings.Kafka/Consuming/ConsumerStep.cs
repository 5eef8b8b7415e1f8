using System.Diagnostics;
using Confluent.Kafka;
using Tidings.Events;
using Tidings.Kafka.Payloads;

namespace Tidings.Kafka.Consuming;

/// <summary>
/// Applies messages of one partition: all together, and if that fails one by one. The one that fails is held: its partition stands still, the others go on,
/// until it is applied or put aside. What is no event at all is put aside at once; what fails because the effects are away is tried without an end.
/// </summary>
internal sealed class ConsumerStep(
    IConsumer<byte[], byte[]> consumer, IEventEffects effects, DeadLetters letters, KafkaOptions options, Func<int, TimeSpan> pause, TimeProvider clock)
{
    private const int LinksMax = 32;

    public void Apply(PartitionProgress partition, List<ConsumeResult<byte[], byte[]>> messages, CancellationToken ct)
    {
        var together = new List<Read>(messages.Count);
        foreach (var message in messages)
        {
            if (TryRead(message, out var happened) is not { } malformed)
            {
                together.Add(new Read(message, happened));
                continue;
            }
            if (!ApplyTogether(partition, together, ct))
                return;
            together.Clear();
            if (!PutAside(partition, new HeldMessage(message, 0, 0, 0, malformed)))
                return;
        }
        ApplyTogether(partition, together, ct);
    }

    /// <summary>Tries a held message again if it is time; goes on behind it when it is dealt with.</summary>
    public void TryHeld(PartitionProgress partition, CancellationToken ct)
    {
        var held = partition.Held!;
        if (clock.GetTimestamp() < held.Due)
            return;
        if (TryRead(held.Message, out var happened) is null && held.Tries < options.TriesMax)
        {
            if (Try(partition, [new Read(held.Message, happened)], ct) is { } why)
            {
                Hold(partition, held with { Tries = held.Tries + (why is EffectsAwayException ? 0 : 1), Waits = held.Waits + 1, Why = why });
                return;
            }
        }
        else if (!PutAside(partition, held))
        {
            return;
        }
        partition.Held = null;
        consumer.Seek(new TopicPartitionOffset(partition.Place, partition.Next));
        consumer.Resume([partition.Place]);
    }

    private bool ApplyTogether(PartitionProgress partition, List<Read> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
            return true;
        var why = Try(partition, messages, ct);
        if (why is null)
            return true;
        if (messages.Count > 1 && why is not EffectsAwayException)
            return messages.TrueForAll(message => ApplyTogether(partition, [message], ct));
        Hold(partition, new HeldMessage(messages[0].Message, why is EffectsAwayException ? 0 : 1, 1, 0, why));
        return false;
    }

    /// <returns>Null when their effect is stored, and their offset.</returns>
    private Exception? Try(PartitionProgress partition, List<Read> messages, CancellationToken ct)
    {
        var (topic, number) = (partition.Place.Topic, partition.Place.Partition.Value);
        using var activity = Activity(messages);
        try
        {
            // The thread is the consumer's own, and has nothing else to do until the effect is there.
            partition.Reached ??= Reached(topic, number, ct);
            var fresh = Fresh(messages, partition.Reached.Value);
            if (fresh.Length > 0)
            {
                effects.ApplyAsync(topic, number, fresh, ct).AsTask().GetAwaiter().GetResult();
                partition.Reached = fresh[^1].Position;
            }
            KafkaTelemetry.Applied.Add(fresh.Length);
            KafkaTelemetry.Repeated.Add(messages.Count - fresh.Length);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            KafkaTelemetry.Failures.Add(1);
            return e;
        }
        Done(partition, messages[^1].Message);
        return null;
    }

    /// <summary>That this fails is no fault of an event.</summary>
    private long Reached(string topic, int partition, CancellationToken ct)
    {
        try
        {
            return effects.ReachedAsync(topic, partition, ct).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (OperationCanceledException or EffectsAwayException))
        {
            throw new EffectsAwayException($"How far {topic} {partition} has come is not known.", e);
        }
    }

    /// <summary>Those that the partition hasn't come to yet, each once.</summary>
    private static Event[] Fresh(List<Read> messages, long reached)
    {
        var fresh = new List<Event>(messages.Count);
        foreach (var (_, happened) in messages)
        {
            if (happened.Position <= reached)
                continue;
            fresh.Add(happened);
            reached = happened.Position;
        }
        return [.. fresh];
    }

    private bool PutAside(PartitionProgress partition, HeldMessage held)
    {
        try
        {
            letters.PutAsideAsync(held.Message, held.Why, held.Tries).GetAwaiter().GetResult();
        }
        catch (KafkaException)
        {
            // It can't be lost, so it can't be passed: its partition waits until it can be put aside. Why it failed stays its reason.
            Hold(partition, held with { Waits = held.Waits + 1 });
            return false;
        }
        KafkaTelemetry.DeadLetters.Add(1);
        Done(partition, held.Message);
        return true;
    }

    private void Done(PartitionProgress partition, ConsumeResult<byte[], byte[]> message)
    {
        partition.Done(message);
        consumer.StoreOffset(new TopicPartitionOffset(partition.Place, partition.Next));
    }

    private void Hold(PartitionProgress partition, HeldMessage held)
    {
        if (partition.Held is null)
            consumer.Pause([partition.Place]);
        var ticks = (long)(pause(held.Waits).TotalSeconds * clock.TimestampFrequency);
        partition.Held = held with { Due = clock.GetTimestamp() + ticks };
    }

    private static MalformedEventException? TryRead(ConsumeResult<byte[], byte[]> message, out Event happened)
    {
        try
        {
            happened = EventJson.Read(message.Message.Value ?? []);
            return null;
        }
        catch (MalformedEventException e)
        {
            happened = default;
            return e;
        }
    }

    private static Activity? Activity(List<Read> messages)
    {
        if (!KafkaTelemetry.Source.HasListeners())
            return null;
        var links = new HashSet<ActivityContext>();
        foreach (var (message, _) in messages)
        {
            if (links.Count < LinksMax && TraceHeaders.TryRead(message.Message.Headers, out var context))
                links.Add(context);
        }
        return KafkaTelemetry.Source.StartActivity(
            "apply events", ActivityKind.Consumer, links.Count == 1 ? links.First() : default,
            [KeyValuePair.Create<string, object?>("messaging.system", "kafka"), new("messaging.batch.message_count", messages.Count)],
            links.Select(context => new ActivityLink(context)));
    }

    private readonly record struct Read(ConsumeResult<byte[], byte[]> Message, Event Event);
}
