using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Tidings.Kafka.Topics;

namespace Tidings.Kafka.Consuming;

/// <summary>
/// Messages that can't be applied, in a topic of their own beside each topic: key, payload and headers as they were, and why and where from in further
/// headers. A message is put aside before its offset is stored, so it may be there twice and is never nowhere.
/// </summary>
internal sealed class DeadLetters(KafkaOptions options, string group) : IDisposable
{
    private const int ReasonCharsMax = 1_000;

    private readonly IProducer<byte[], byte[]> _producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.SendingSoon(options)).Build();

    /// <summary>Returns when it is stored.</summary>
    /// <exception cref="KafkaException">It isn't.</exception>
    public async Task PutAsideAsync(ConsumeResult<byte[], byte[]> message, Exception why, int tries)
    {
        var headers = new Headers();
        foreach (var header in message.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        Add("dead-letter-reason", Cut($"{why.GetType().Name}: {why.Message}"));
        Add("dead-letter-group", group);
        Add("dead-letter-tries", tries.ToString(CultureInfo.InvariantCulture));
        Add("dead-letter-topic", message.Topic);
        Add("dead-letter-partition", message.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add("dead-letter-offset", message.Offset.Value.ToString(CultureInfo.InvariantCulture));
        await _producer.ProduceAsync(EventTopics.DeadLettersOf(message.Topic), new Message<byte[], byte[]>
        {
            Key = message.Message.Key,
            Value = message.Message.Value,
            Timestamp = message.Message.Timestamp,
            Headers = headers,
        });

        void Add(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
    }

    public void Dispose() => _producer.Dispose();

    private static string Cut(string reason) => reason.Length <= ReasonCharsMax ? reason : reason[..ReasonCharsMax];
}
