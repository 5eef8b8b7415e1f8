using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Tidings.Events;
using Tidings.Kafka.Payloads;
using Tidings.Kafka.Topics;

namespace Tidings.Kafka.Relaying;

/// <summary>
/// Brings the event log to its topics: at least once, each partition in the order of the log.
/// <para>1. Read a batch after the stored position. 2. Send it, and wait until the brokers have confirmed every event of it. 3. Store the position of the
/// last. 4. Again. Whatever is cut off in between is sent again from the stored position. Before that position everything is confirmed, and each producer
/// appends to a partition in order and without gaps; so the events of a partition, the first time each is in it, always rise, however often a relay is
/// killed and however many run at once. A consumer needs one number for each partition to know what it has seen.</para>
/// <para>What Kafka refuses ends the producer; after a pause another one begins at the stored position. A log that no longer goes back to it ends the
/// relay, for events would be missing in the topics.</para>
/// </summary>
public sealed class EventRelay
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly IEventLog _log;
    private readonly IRelayPosition _position;
    private readonly KafkaOptions _options;
    private readonly TimeProvider _clock;
    private readonly Event[] _events;
    private long _reached;

    public EventRelay(IEventLog log, IRelayPosition position, KafkaOptions options, TimeProvider clock)
    {
        options.Validate();
        (_log, _position, _options, _clock) = (log, position, options, clock);
        _events = new Event[options.BatchEventsMax];
    }

    /// <summary>Up to here all events are confirmed, and that is stored.</summary>
    public long Position => Volatile.Read(ref _reached);

    /// <summary>What the relay ran into last, and goes on trying to get past; null while all is well.</summary>
    public Exception? Trouble { get; private set; }

    /// <summary>Relays until it is cancelled; ends then without an exception.</summary>
    /// <exception cref="EventsExpiredException">The log no longer goes back to the stored position.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var meter = new Meter(KafkaTelemetry.Name);
        meter.CreateObservableGauge("tidings.kafka.relay.lag", () => Math.Max(0, _log.End - Position), "{event}", "Events of the log that are not in their topics yet.");
        var pause = TimeSpan.FromMilliseconds(_options.RetryMs);
        while (!ct.IsCancellationRequested)
        {
            var before = Position;
            try
            {
                await RelayAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException e)
            {
                Trouble = e;
                pause = Position > before ? TimeSpan.FromMilliseconds(_options.RetryMs) : pause * 2 < PauseMax ? pause * 2 : PauseMax;
                await Task.Delay(pause, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RelayAsync(CancellationToken ct)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.Sending(_options))
            .SetErrorHandler((_, error) => Trouble = new KafkaException(error)).Build();
        var position = await _position.LoadAsync(ct);
        Volatile.Write(ref _reached, position);
        while (true)
        {
            var count = await _log.ReadAsync(position, _events, ct);
            await SendAsync(producer, _events.AsMemory(0, count), ct);
            position = _events[count - 1].Position;
            await _position.StoreAsync(position, ct);
            Volatile.Write(ref _reached, position);
            KafkaTelemetry.Relayed.Add(count);
            Trouble = null;
        }
    }

    /// <summary>Returns when all are confirmed.</summary>
    private async Task SendAsync(IProducer<byte[], byte[]> producer, ReadOnlyMemory<Event> events, CancellationToken ct)
    {
        using var activity = KafkaTelemetry.Source.StartActivity("relay events", ActivityKind.Producer);
        activity?.SetTag("messaging.system", "kafka").SetTag("messaging.batch.message_count", events.Length);
        var headers = TraceHeaders.Of(activity);
        var awaited = new Confirmations(events.Length);
        foreach (var happened in events.Span)
        {
            producer.Produce(_options.TopicPrefix + EventTopics.Of(happened.Kind), new Message<byte[], byte[]>
            {
                Key = EventTopics.KeyBytes(EventTopics.KeyOf(happened)),
                Value = EventJson.Write(happened),
                Timestamp = new Timestamp(happened.UnixMs, TimestampType.CreateTime),
                Headers = headers,
            }, awaited.Confirm);
        }
        await awaited.All.WaitAsync(ct);
    }

    /// <summary>Waits for the last of so many confirmations, or for the first refusal.</summary>
    private sealed class Confirmations(int count)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = count;

        public Task All => _all.Task;

        public void Confirm(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                _all.TrySetException(new KafkaException(report.Error));
            else if (report.Status != PersistenceStatus.Persisted)
                _all.TrySetException(new KafkaException(new Error(ErrorCode.Local_Fail, $"{report.TopicPartition}: not confirmed.")));
            else if (Interlocked.Decrement(ref _left) == 0)
                _all.TrySetResult();
        }
    }
}
