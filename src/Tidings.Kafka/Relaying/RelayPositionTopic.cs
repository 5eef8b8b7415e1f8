using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Tidings.Kafka.Topics;

namespace Tidings.Kafka.Relaying;

/// <summary>
/// The relay's position beside the events that it speaks of, in a compacted topic of one partition: so a relay works for any record, and a position can't
/// outlive lost topics. The last record counts. Two relays at once may put it back; then events are sent twice, which harms nobody.
/// </summary>
public sealed class RelayPositionTopic : IRelayPosition, IDisposable
{
    /// <summary>How many records back the last one is looked for; others than records may stand at a log's end.</summary>
    private const int LookBackMax = 1_000;

    private static readonly byte[] Key = "relay"u8.ToArray();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly KafkaOptions _options;
    private readonly TopicPartition _place;
    private readonly IProducer<byte[], byte[]> _producer;

    public RelayPositionTopic(KafkaOptions options)
    {
        options.Validate();
        _options = options;
        _place = new TopicPartition(options.TopicPrefix + EventTopics.RelayPositions, 0);
        _producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.SendingSoon(options)).Build();
    }

    public async ValueTask<long> LoadAsync(CancellationToken ct) => await Task.Run(() => Load(ct), ct);

    public async ValueTask StoreAsync(long position, CancellationToken ct) => await _producer.ProduceAsync(
        _place, new Message<byte[], byte[]> { Key = Key, Value = Encoding.ASCII.GetBytes(position.ToString(CultureInfo.InvariantCulture)) }, ct);

    public void Dispose() => _producer.Dispose();

    private long Load(CancellationToken ct)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(KafkaClients.Looking(_options)).Build();
        var ends = consumer.QueryWatermarkOffsets(_place, Patience);
        if (ends.High.Value == ends.Low.Value)
            return 0;
        consumer.Assign(new TopicPartitionOffset(_place, Math.Max(ends.Low.Value, ends.High.Value - LookBackMax)));
        long? last = null;
        while (consumer.Consume(ct) is { IsPartitionEOF: false } record)
            last = Parse(record);
        return last ?? throw new KafkaTopicException($"Topic {_place.Topic} ends without a position. Delete and make it again: then all events are relayed anew.");
    }

    private static long Parse(ConsumeResult<byte[], byte[]> record) =>
        long.TryParse(Encoding.ASCII.GetString(record.Message.Value ?? []), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw new KafkaTopicException($"{record.TopicPartitionOffset} is no position: something else writes to this topic.");
}
