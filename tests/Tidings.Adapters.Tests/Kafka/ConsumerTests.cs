using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using Tidings.Events;
using Tidings.Kafka;
using Tidings.Kafka.Consuming;
using Tidings.Kafka.Payloads;
using Tidings.Kafka.Topics;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class ConsumerTests(KafkaCluster cluster) : KafkaScene(cluster)
{
    [Fact]
    public async Task Every_event_is_applied_once_and_those_of_a_key_in_order()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.Equal(ByKey(events), ByKey(effects.Applied));
    }

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
    public async Task An_effect_whose_offset_was_not_stored_is_not_made_again()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();
        var failed = new HashSet<long>();
        // Applied, and the answer lost: once for every tenth event.
        effects.After = happened =>
        {
            if (happened.Position % 10 == 0 && failed.Add(happened.Position))
                throw new TimeoutException("The answer was lost.");
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.NotEmpty(failed);
        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.Empty(Read(options, EventTopics.DeadLettersOf(EventTopics.Posts), 1));
    }

    [Fact]
    public async Task An_event_that_always_fails_becomes_a_dead_letter_and_the_rest_goes_on()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var poison = events.First(happened => happened.Kind == EventKind.PostPublished);
        var effects = new NotedEffects
        {
            Before = happened =>
            {
                if (happened == poison)
                    throw new InvalidOperationException("I don't like it.");
            },
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length - 1, Ct);

        Assert.Equal(events.Where(happened => happened != poison), effects.Applied.OrderBy(happened => happened.Position));
        Assert.Equal(ByKey(events.Where(happened => happened != poison)), ByKey(effects.Applied));
        var letter = Assert.Single(Read(options, EventTopics.DeadLettersOf(EventTopics.Posts), 1));
        Assert.Equal(poison, EventJson.Read(letter.Message.Value));
        Assert.Equal(EventTopics.KeyBytes(poison.Actor), letter.Message.Key);
        Assert.Equal("InvalidOperationException: I don't like it.", Header(letter, "dead-letter-reason"));
        Assert.Equal(("3", "tests"), (Header(letter, "dead-letter-tries"), Header(letter, "dead-letter-group")));
        Assert.Equal(options.TopicPrefix + EventTopics.Posts, Header(letter, "dead-letter-topic"));
    }

    [Fact]
    public async Task What_is_no_event_is_put_aside_at_once_and_what_is_behind_it_is_applied()
    {
        var options = await TopicsAsync();
        var ada = await JoinAsync();
        await ProduceAsync(options, EventTopics.Graph, ada, "{\"v\":9}"u8.ToArray());
        await RelayAsync(options);
        var effects = new NotedEffects();

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(1, Ct);

        Assert.Equal(ada, Assert.Single(effects.Applied).Actor);
        var letter = Assert.Single(Read(options, EventTopics.DeadLettersOf(EventTopics.Graph), 1));
        Assert.Equal("{\"v\":9}", Encoding.UTF8.GetString(letter.Message.Value));
        Assert.StartsWith("MalformedEventException: v is 9", Header(letter, "dead-letter-reason"), StringComparison.Ordinal);
        Assert.Equal("0", Header(letter, "dead-letter-tries"));
    }

    [Fact]
    public async Task While_the_effects_are_away_nothing_is_put_aside_and_afterwards_nothing_is_missing()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync(5));
        await RelayAsync(options);
        var effects = new NotedEffects { Before = _ => throw new EffectsAwayException("The database is down.") };
        // One consumer ends meanwhile: what it couldn't apply is the next one's.
        await using (Running.Start(Consumer(options, effects).RunAsync))
            await UntilAsync(() => effects.Offered.GroupBy(happened => happened).Any(tries => tries.Count() > 2 * options.TriesMax));
        var left = 40;
        effects.Before = _ =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
                throw new EffectsAwayException("The database is down.");
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.All(EventTopics.All, topic => Assert.Empty(Read(options, EventTopics.DeadLettersOf(topic), 1)));
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

    [Fact]
    public async Task A_group_whose_place_the_topic_no_longer_has_is_told_and_does_not_begin_elsewhere()
    {
        var options = await TopicsAsync();
        var ada = await JoinAsync();
        await RelayAsync(options);
        using (var client = new ConsumerBuilder<byte[], byte[]>(KafkaClients.Reading(options, "tests"))
            .SetPartitionsAssignedHandler((_, places) => places.Select(place => new TopicPartitionOffset(place, Offset.End))).Build())
        {
            client.Subscribe(options.TopicPrefix + EventTopics.Graph);
            while (client.Assignment.Count == 0)
            {
                Ct.ThrowIfCancellationRequested();
                client.Consume(TimeSpan.FromMilliseconds(10));
            }
            client.Commit(client.Assignment.Select(place => new TopicPartitionOffset(place, 1_000)));
            client.Close();
        }

        var lost = await Assert.ThrowsAsync<EventsLostException>(
            () => Consumer(options, new NotedEffects()).RunAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct));
        Assert.Contains("Group tests", lost.Message, StringComparison.Ordinal);
    }

    private Task PublishMoreAsync(int count) => Task.Run(async () =>
    {
        var ada = await JoinAsync("prolific");
        for (var i = 0; i < count; i++)
            await PublishAsync(ada);
    }, Ct);

    private static IEnumerable<(string Topic, UserId Key, string Events)> ByKey(IEnumerable<Event> events) => events
        .GroupBy(happened => (Topic: EventTopics.Of(happened.Kind), Key: EventTopics.KeyOf(happened)))
        .OrderBy(group => group.Key)
        .Select(group => (group.Key.Topic, group.Key.Key, string.Join('\n', group)));
}
