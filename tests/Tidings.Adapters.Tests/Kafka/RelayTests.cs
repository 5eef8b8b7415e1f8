using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tidings.Events;
using Tidings.Kafka.Payloads;
using Tidings.Kafka.Relaying;
using Tidings.Kafka.Topics;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class RelayTests(KafkaCluster cluster) : KafkaScene(cluster)
{
    [Fact]
    public async Task Every_event_is_in_its_topic_once_and_those_of_a_key_are_in_order()
    {
        var options = await TopicsAsync();
        var events = await LiveAsync();

        await RelayAsync(options);

        var found = 0;
        foreach (var topic in EventTopics.All)
        {
            var messages = Read(options, topic, options.Partitions);
            found += messages.Count;
            Assert.Equal(
                events.Where(happened => EventTopics.Of(happened.Kind) == topic).ToLookup(happened => EventTopics.KeyOf(happened).ToString()).OrderBy(key => key.Key),
                messages.ToLookup(message => Encoding.ASCII.GetString(message.Message.Key), message => EventJson.Read(message.Message.Value)).OrderBy(key => key.Key));
            Assert.True(messages.Select(message => message.Partition).Distinct().Count() > 1, "everything is in one partition");
            Assert.All(messages.GroupBy(message => message.Message.Key, KeyComparer), key => Assert.Single(key.Select(message => message.Partition).Distinct()));
        }
        Assert.Equal(events.Length, found);
    }

    [Fact]
    public async Task A_relay_goes_on_where_the_last_one_stored_that_it_was()
    {
        var options = await TopicsAsync();
        await LiveAsync(3);
        await RelayAsync(options);
        var before = ReadEvents(options).Count;
        var ada = await JoinAsync("ada");
        await PublishAsync(ada);

        await RelayAsync(options);

        Assert.Equal(before + 2, ReadEvents(options).Count);
        using var position = new RelayPositionTopic(options);
        Assert.Equal(Ports.Events.End, await position.LoadAsync(Ct));
    }

    [Fact]
    public async Task A_relay_that_is_killed_between_sending_and_storing_loses_nothing_and_what_comes_twice_harms_nobody()
    {
        var options = await TopicsAsync(o => o.BatchEventsMax = 50);
        var events = await LiveAsync();
        using var kept = new RelayPositionTopic(options);
        for (var kill = 0; kill < 4; kill++)
        {
            // Each life stores once less than it sends; the first nothing at all.
            using var killed = new CancellationTokenSource();
            var relay = new EventRelay(Ports.Events, new KilledAtStore(kept, kill == 0 ? 0 : 1, killed), options, TimeProvider.System);
            await relay.RunAsync(killed.Token).WaitAsync(TimeSpan.FromSeconds(60), Ct);
        }
        Assert.Equal(150, await kept.LoadAsync(Ct));
        await RelayAsync(options);

        var sent = ReadEvents(options);
        Assert.Equal(events.Length + 4 * 50, sent.Count);
        Assert.Equal(events, sent.Distinct().OrderBy(happened => happened.Position));
        var effects = new NotedEffects();
        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);
        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.All(effects.ByPartition.Values, partition => Assert.Equal(partition.OrderBy(happened => happened.Position), partition));
    }

    [Fact]
    public async Task Two_relays_at_once_send_twice_and_every_partition_still_begins_in_order()
    {
        var options = await TopicsAsync(o => o.BatchEventsMax = 20);
        var events = await LiveAsync();

        await Task.WhenAll(RelayAsync(options), RelayAsync(options));

        foreach (var topic in EventTopics.All)
        {
            var partitions = Read(options, topic, options.Partitions).ToLookup(
                message => message.Partition.Value, message => EventJson.Read(message.Message.Value).Position);
            Assert.All(partitions, positions => Assert.Equal(positions.Distinct().Order(), positions.Distinct()));
        }
        Assert.Equal(events, ReadEvents(options).Distinct().OrderBy(happened => happened.Position));
    }

    [Fact]
    public async Task A_log_that_no_longer_goes_back_ends_the_relay()
    {
        var options = await TopicsAsync();
        await JoinAsync();
        using var position = new RelayPositionTopic(options);
        var relay = new EventRelay(new ExpiredLog(), position, options, TimeProvider.System);

        await Assert.ThrowsAsync<EventsExpiredException>(() => relay.RunAsync(Ct).WaitAsync(TimeSpan.FromSeconds(60), Ct));
    }

    [Fact]
    public async Task The_trace_of_the_relay_is_in_the_headers_and_goes_on_at_the_consumer()
    {
        var options = await TopicsAsync();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Tidings.Kafka",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        var applied = new System.Collections.Concurrent.ConcurrentBag<ActivityTraceId>();
        listener.ActivityStarted = activity =>
        {
            if (activity.Kind == ActivityKind.Consumer)
                applied.Add(activity.TraceId);
        };
        ActivitySource.AddActivityListener(listener);
        await JoinAsync();

        await RelayAsync(options);
        var effects = new NotedEffects();
        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(1, Ct);

        var message = Assert.Single(Read(options, EventTopics.Graph, options.Partitions));
        Assert.True(ActivityContext.TryParse(Header(message, "traceparent"), null, isRemote: true, out var context));
        Assert.Contains(context.TraceId, applied);
    }

    private static readonly IEqualityComparer<byte[]> KeyComparer =
        EqualityComparer<byte[]>.Create((a, b) => a.AsSpan().SequenceEqual(b), key => int.Parse(key, CultureInfo.InvariantCulture));

    /// <summary>Stores so many times, then is killed instead.</summary>
    private sealed class KilledAtStore(IRelayPosition kept, int stores, CancellationTokenSource killed) : IRelayPosition
    {
        private int _left = stores;

        public ValueTask<long> LoadAsync(CancellationToken ct) => kept.LoadAsync(ct);

        public async ValueTask StoreAsync(long position, CancellationToken ct)
        {
            if (_left-- > 0)
            {
                await kept.StoreAsync(position, ct);
                return;
            }
            await killed.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
    }

    private sealed class ExpiredLog : IEventLog
    {
        public long End => 100;

        public ValueTask<int> ReadAsync(long position, Memory<Event> into, CancellationToken ct) => throw new EventsExpiredException(position, 50);
    }
}
