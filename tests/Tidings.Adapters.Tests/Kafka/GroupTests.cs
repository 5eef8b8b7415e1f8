using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Tidings.Events;
using Tidings.Kafka;
using Tidings.Kafka.Consuming;
using Tidings.Kafka.Topics;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class GroupTests(KafkaCluster cluster) : KafkaScene(cluster)
{
    [Fact]
    public async Task A_group_goes_on_behind_what_it_has_applied()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();
        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);
        var offered = effects.Offered.Count;
        await JoinAsync("late");
        await RelayAsync(options);

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length + 1, Ct);

        Assert.Equal(offered + 1, effects.Offered.Count);
    }

    [Fact]
    public async Task Of_two_in_a_group_one_leaves_and_nothing_is_lost()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();
        var (staying, leaving) = (Consumer(options, effects), Consumer(options, effects));
        await using var first = Running.Start(staying.RunAsync);
        await effects.UntilAsync(1, Ct);
        var second = Running.Start(leaving.RunAsync);
        await UntilAsync(() => leaving.Partitions > 0 && staying.Partitions > 0 && staying.Partitions + leaving.Partitions == 3 * options.Partitions);
        var posting = PublishMoreAsync(200);
        await RelayAsync(options);

        await second.DisposeAsync();

        await posting;
        await RelayAsync(options);
        events = await EventsAsync();
        await effects.UntilAsync(events.Length, Ct);
        await UntilAsync(() => staying.Partitions == 3 * options.Partitions);
        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.Equal(ByKey(events), ByKey(effects.Applied));
    }

    [Fact]
    public async Task Topics_that_are_read_again_from_the_start_have_the_same_effects()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        // Twice, as after a relay that was killed: what comes again has no effect, whenever it comes.
        await Task.WhenAll(RelayAsync(options), RelayAsync(options));
        var (once, again) = (new NotedEffects(), new NotedEffects());

        await using (Running.Start(Consumer(options, once).RunAsync))
            await once.UntilAsync(events.Length, Ct);
        options.BatchEventsMax = 7;
        await using (Running.Start(Consumer(options, again, "again").RunAsync))
            await again.UntilAsync(events.Length, Ct);

        var (first, second) = (once.ByPartition, again.ByPartition);
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, partition => Assert.Equal(partition.Value, second[partition.Key]));
        Assert.Equal(events, again.Applied.OrderBy(happened => happened.Position));
        Assert.Equal((events.Length, events.Length), (once.Offered.Count, again.Offered.Count));
    }

    [Fact]
    public async Task The_lag_is_what_is_left_in_events_and_the_age_of_the_oldest()
    {
        var options = await TopicsAsync(o => o.TriesMax = 100);
        Clock.SetUtcNow(TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));
        var ada = await JoinAsync();
        for (var i = 0; i < 9; i++)
            await PublishAsync(ada);
        await RelayAsync(options);
        var away = true;
        var effects = new NotedEffects { Before = _ => { if (Volatile.Read(ref away)) throw new EffectsAwayException("Away."); } };
        var consumer = Consumer(options, effects, "lagging");
        using var gauges = new MeterListener();
        var measured = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        gauges.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("tidings.kafka.lag", StringComparison.Ordinal) && (string?)instrument.Meter.Tags?.First().Value == "lagging")
                listener.EnableMeasurementEvents(instrument);
        };
        gauges.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured[instrument.Name] = value);
        gauges.SetMeasurementEventCallback<double>((instrument, value, _, _) => measured[instrument.Name] = value);
        gauges.Start();

        await using var running = Running.Start(consumer.RunAsync);
        await UntilAsync(() => consumer.Lag.Events == 10);

        gauges.RecordObservableInstruments();
        Assert.Equal(10, measured["tidings.kafka.lag"]);
        Assert.InRange(measured["tidings.kafka.lag.age"], 3_600, 3_700);
        Assert.IsType<EffectsAwayException>(consumer.Trouble);
        Volatile.Write(ref away, false);
        await UntilAsync(() => consumer.Lag == default && effects.Applied.Count == 10);
        gauges.RecordObservableInstruments();
        Assert.Equal((0, 0), (measured["tidings.kafka.lag"], measured["tidings.kafka.lag.age"]));
    }

    /// <summary>The client then ends with an error, which <see cref="EventConsumer"/> turns into <see cref="EventsLostException"/>. librdkafka's brokers in memory do
    /// not always answer that a place is beyond their end, so the whole road can't be walked here.</summary>
    [Fact]
    public void A_group_whose_place_the_topic_no_longer_has_does_not_begin_elsewhere() =>
        Assert.Equal(AutoOffsetReset.Error, KafkaClients.Reading(new KafkaOptions { Brokers = "127.0.0.1:1" }, "tests").AutoOffsetReset);

    private Task PublishMoreAsync(int count) => Task.Run(async () =>
    {
        var ada = await JoinAsync("prolific");
        for (var i = 0; i < count; i++)
            await PublishAsync(ada);
    }, Ct);
}
