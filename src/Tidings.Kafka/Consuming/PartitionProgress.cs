using Confluent.Kafka;

namespace Tidings.Kafka.Consuming;

/// <summary>How far a consumer is in one of its partitions, and the message at which it is held up, if it is.</summary>
internal sealed class PartitionProgress(TopicPartition place, long next, long nowUnixMs)
{
    private long _caughtUpUnixMs = nowUnixMs;
    private long _appliedUnixMs;

    public TopicPartition Place { get; } = place;

    /// <summary>The offset after the last message that is dealt with.</summary>
    public long Next { get; private set; } = next;

    /// <summary>The position of the last event that is dealt with; null until the effects were asked.</summary>
    public long? Reached { get; set; }

    public HeldMessage? Held { get; set; }

    public void Done(ConsumeResult<byte[], byte[]> message)
    {
        Next = message.Offset.Value + 1;
        _appliedUnixMs = Math.Max(_appliedUnixMs, message.Message.Timestamp.UnixTimestampMs);
    }

    /// <summary>What comes next happened after what was applied last, and after the moment when nothing was left: the later of the two is known.</summary>
    public ConsumerLag Lag(WatermarkOffsets ends, long nowUnixMs)
    {
        var events = Math.Max(Held is null ? 0 : 1, ends.High.IsSpecial ? 0 : ends.High.Value - Math.Max(Next, ends.Low.IsSpecial ? 0 : ends.Low.Value));
        if (events == 0)
        {
            _caughtUpUnixMs = nowUnixMs;
            return default;
        }
        var since = Held?.Message.Message.Timestamp.UnixTimestampMs ?? Math.Max(_appliedUnixMs, _caughtUpUnixMs);
        return new ConsumerLag(events, Math.Max(0, nowUnixMs - since) / 1_000.0);
    }
}

/// <summary>A message that couldn't be applied yet, or not yet be put aside; nothing behind it in its partition is applied.</summary>
/// <param name="Tries">How often the event itself failed.</param>
/// <param name="Waits">How often it was waited for.</param>
/// <param name="Due">When it is tried next, in the clock's ticks.</param>
internal sealed record HeldMessage(ConsumeResult<byte[], byte[]> Message, int Tries, int Waits, long Due, Exception Why);
