using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Tidings.Kafka.Consuming;

/// <summary>
/// One member of a group that applies the events of topics. It has a thread of its own, on which everything happens: fetching, applying, gaining and losing
/// partitions; so what it knows of its partitions is always true of them.
/// <para>1. Take what was fetched, a batch at most. 2. For each partition: apply, then store the offset; what is stored is committed every now and then, and
/// when a partition is given up. 3. Look after held messages. 4. Measure the lag.</para>
/// <para>What Kafka refuses closes the connection to the group, and after a pause another one joins. Offsets that the topics no longer have end it
/// (<see cref="EventsLostException"/>).</para>
/// </summary>
public sealed class EventConsumer
{
    private const int PollMs = 100;

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SpokenOfEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromMilliseconds(250);

    private readonly string _group;
    private readonly string[] _topics;
    private readonly IEventEffects _effects;
    private readonly KafkaOptions _options;
    private readonly TimeProvider _clock;
    private readonly List<ConsumeResult<byte[], byte[]>> _batch = [];
    private readonly Dictionary<TopicPartition, PartitionProgress> _partitions = [];
    private (KafkaException Error, long At)? _connection;
    private long _measured;
    private Tuple<ConsumerLag> _lag = new(default);

    /// <param name="group">The name of the group. Members of one group share the topics' partitions; each group applies every event.</param>
    /// <param name="topics">Some of <see cref="Topics.EventTopics.All"/>.</param>
    public EventConsumer(string group, IReadOnlyList<string> topics, IEventEffects effects, KafkaOptions options, TimeProvider clock)
    {
        options.Validate();
        ArgumentException.ThrowIfNullOrWhiteSpace(group);
        ArgumentOutOfRangeException.ThrowIfZero(topics.Count);
        (_group, _effects, _options, _clock) = (group, effects, options, clock);
        _topics = [.. topics.Select(topic => options.TopicPrefix + topic)];
    }

    /// <summary>What is left to do, measured four times a second.</summary>
    public ConsumerLag Lag => Volatile.Read(ref _lag).Item1;

    /// <summary>How many partitions it has, as of the last measurement.</summary>
    public int Partitions { get; private set; }

    /// <summary>What the consumer ran into last, and goes on trying to get past; null while all is well.</summary>
    public Exception? Trouble { get; private set; }

    /// <summary>Applies events until it is cancelled; then commits, leaves the group, and ends without an exception.</summary>
    /// <exception cref="EventsLostException">The group stood still for longer than events are kept.</exception>
    public Task RunAsync(CancellationToken ct) =>
        Task.Factory.StartNew(() => Run(ct), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken ct)
    {
        using var meter = new Meter(KafkaTelemetry.Name, null, [KeyValuePair.Create<string, object?>("group", _group)]);
        meter.CreateObservableGauge("tidings.kafka.lag", () => Lag.Events, "{event}", "Events that are in the topics and not applied.");
        meter.CreateObservableGauge("tidings.kafka.lag.age", () => Lag.Seconds, "s", "How long ago the oldest event that is not applied happened, at most.");
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                Join(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
            {
                throw new EventsLostException(
                    $"Group {_group} is at an offset that the topic no longer has ({e.Error.Reason}). Rebuild what it keeps from the record, then begin with a new group.", e);
            }
            catch (KafkaException e)
            {
                failures = Trouble is null ? 1 : failures + 1;
                Trouble = e;
                ct.WaitHandle.WaitOne(Pause(failures));
            }
        }
    }

    private void Join(CancellationToken ct)
    {
        using var letters = new DeadLetters(_options, _group);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(KafkaClients.Reading(_options, _group))
            .SetErrorHandler((_, error) => _connection = (new KafkaException(error), _clock.GetTimestamp()))
            .SetPartitionsAssignedHandler(Gained)
            .SetPartitionsRevokedHandler((_, given) => Forget(given))
            .SetPartitionsLostHandler((_, lost) => Forget(lost))
            .Build();
        var step = new ConsumerStep(consumer, _effects, letters, _options, Pause, _clock);
        consumer.Subscribe(_topics);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                Fetch(consumer);
                foreach (var messages in _batch.GroupBy(message => message.TopicPartition))
                    step.Apply(_partitions[messages.Key], [.. messages], ct);
                foreach (var held in _partitions.Values.Where(partition => partition.Held is not null))
                    step.TryHeld(held, ct);
                Measure(consumer);
                Trouble = _partitions.Values.FirstOrDefault(partition => partition.Held is not null)?.Held?.Why ?? Connection();
            }
        }
        finally
        {
            consumer.Close();
            _partitions.Clear();
            _batch.Clear();
        }
    }

    /// <summary>Fills the batch with what is there; waits a moment if nothing is. Partitions that go meanwhile take their messages with them.</summary>
    private void Fetch(IConsumer<byte[], byte[]> consumer)
    {
        _batch.Clear();
        for (var read = 0; read < _options.BatchEventsMax; read++)
        {
            if (consumer.Consume(_batch.Count == 0 ? WaitMs() : 0) is not { } message)
                return;
            // One that was on its way when its partition was held up: it comes again.
            if (_partitions.TryGetValue(message.TopicPartition, out var partition) && partition.Held is null)
                _batch.Add(message);
        }
    }

    private int WaitMs() => _partitions.Values.Any(partition => partition.Held is not null) ? Math.Min(PollMs, _options.RetryMs) : PollMs;

    /// <summary>A group that has committed nothing in a partition begins at its beginning.</summary>
    private IEnumerable<TopicPartitionOffset> Gained(IConsumer<byte[], byte[]> consumer, List<TopicPartition> gained)
    {
        var from = consumer.Committed(gained, Patience)
            .ConvertAll(at => at.Offset.IsSpecial ? new TopicPartitionOffset(at.TopicPartition, Offset.Beginning) : at);
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var at in from)
            _partitions[at.TopicPartition] = new PartitionProgress(at.TopicPartition, at.Offset.IsSpecial ? 0 : at.Offset.Value, now);
        return from;
    }

    private void Forget(List<TopicPartitionOffset> gone)
    {
        var places = gone.ConvertAll(at => at.TopicPartition).ToHashSet();
        _batch.RemoveAll(message => places.Contains(message.TopicPartition));
        foreach (var place in places)
            _partitions.Remove(place);
    }

    private void Measure(IConsumer<byte[], byte[]> consumer)
    {
        if (_measured != 0 && _clock.GetElapsedTime(_measured) < MeasureEvery)
            return;
        _measured = _clock.GetTimestamp();
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var sum = new ConsumerLag();
        foreach (var partition in _partitions.Values)
        {
            var lag = partition.Lag(consumer.GetWatermarkOffsets(partition.Place), now);
            sum = new ConsumerLag(sum.Events + lag.Events, Math.Max(sum.Seconds, lag.Seconds));
        }
        Partitions = _partitions.Count;
        Volatile.Write(ref _lag, new(sum));
    }

    /// <summary>Broken connections are made again without a word when they are; while they can't be, they are spoken of every half minute.</summary>
    private KafkaException? Connection() =>
        _connection is { } broken && _clock.GetElapsedTime(broken.At) < SpokenOfEvery * 2 ? broken.Error : null;

    private TimeSpan Pause(int failures)
    {
        var pause = TimeSpan.FromMilliseconds(_options.RetryMs * Math.Pow(2, Math.Min(failures - 1, 20)));
        return pause < PauseMax ? pause : PauseMax;
    }
}
