using System.Text;
using Confluent.Kafka;
using Tidings.Adapters.Tests.Contracts;
using Tidings.Adapters.Tests.Record;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.Kafka;
using Tidings.Kafka.Consuming;
using Tidings.Kafka.Payloads;
using Tidings.Kafka.Relaying;
using Tidings.Kafka.Topics;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

/// <summary>What tests of the topics need: a real record whose log is relayed, a small network in it, relays and consumers that end with the test.</summary>
public abstract class KafkaScene(KafkaCluster cluster) : Contract
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);

    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);

    protected Task<KafkaOptions> TopicsAsync(Action<KafkaOptions>? change = null) => cluster.MakeAsync(change);

    /// <summary>Some twenty people who write, edit, delete, like, take back, comment, follow and befriend. Returns the log's events.</summary>
    protected async Task<Event[]> LiveAsync(int people = 20)
    {
        var all = await JoinManyAsync(people);
        await RaceAsync(people, async i =>
        {
            var (me, next) = (all[i], all[(i + 1) % people]);
            var posts = new List<PostId>();
            for (var n = 0; n < 4; n++)
                posts.Add(await PublishAsync(me, $"{n}"));
            await DoAsync(me, TieAction.Follow, next);
            await DoAsync(me, TieAction.Unfollow, next);
            await DoAsync(me, TieAction.Follow, next);
            foreach (var post in posts)
            {
                foreach (var on in new[] { true, false, true })
                    await Ports.Engagement.MarkAsync(next, post, Mark.Like, on, Ct);
                await Ports.Engagement.CommentAsync(next, post, "well", null, Ct);
            }
            return await Ports.Posts.DeleteAsync(posts[0], me, null, Ct);
        });
        return await EventsAsync();
    }

    protected async Task<Event[]> EventsAsync()
    {
        var end = (int)await Ports.EndAsync(Ct);
        var events = new Event[end];
        for (var read = 0; read < end;)
            read += await Ports.Events.ReadAsync(read, events.AsMemory(read), Ct);
        return events;
    }

    /// <summary>Relays what is in the log, then stops.</summary>
    protected async Task RelayAsync(KafkaOptions options)
    {
        using var position = new RelayPositionTopic(options);
        var relay = new EventRelay(Ports.Events, position, options, TimeProvider.System);
        await using var running = Running.Start(relay.RunAsync);
        await UntilAsync(() => relay.Position >= Ports.Events.End || running.IsOver);
    }

    internal static EventConsumer Consumer(KafkaOptions options, NotedEffects effects, string group = "tests") =>
        new(group, EventTopics.All, effects, options, TimeProvider.System);

    /// <summary>Every message of a topic, in the order of each partition.</summary>
    protected static List<ConsumeResult<byte[], byte[]>> Read(KafkaOptions options, string topic, int partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(KafkaClients.Looking(options)).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(i => new TopicPartitionOffset(options.TopicPrefix + topic, i, Offset.Beginning)));
        var found = new List<ConsumeResult<byte[], byte[]>>();
        for (var ended = 0; ended < partitions;)
        {
            var result = consumer.Consume(PatienceMax) ?? throw new TimeoutException($"{topic} says nothing.");
            if (result.IsPartitionEOF) ended++;
            else found.Add(result);
        }
        return found;
    }

    protected static List<Event> ReadEvents(KafkaOptions options) =>
        [.. EventTopics.All.SelectMany(topic => Read(options, topic, options.Partitions)).Select(message => EventJson.Read(message.Message.Value))];

    protected static async Task ProduceAsync(KafkaOptions options, string topic, UserId key, byte[] payload)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(KafkaClients.SendingSoon(options)).Build();
        await producer.ProduceAsync(
            options.TopicPrefix + topic, new Message<byte[], byte[]> { Key = EventTopics.KeyBytes(key), Value = payload }, Ct);
    }

    /// <summary>What every key's events are, in their order.</summary>
    protected static IEnumerable<(string Topic, UserId Key, string Events)> ByKey(IEnumerable<Event> events) => events
        .GroupBy(happened => (Topic: EventTopics.Of(happened.Kind), Key: EventTopics.KeyOf(happened)))
        .OrderBy(group => group.Key)
        .Select(group => (group.Key.Topic, group.Key.Key, string.Join('\n', group)));

    protected static string Header(ConsumeResult<byte[], byte[]> message, string name) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes(name));

    protected static async Task UntilAsync(Func<bool> isSo)
    {
        // Between two looks it leaves the processor to what it waits for.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(PatienceMax);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!isSo())
            await looks.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Something that runs until it is disposed of; then its failure is the test's.</summary>
    protected sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private Task _run = Task.CompletedTask;

        public bool IsOver => _run.IsCompleted;

        public Task Run => _run;

        public static Running Start(Func<CancellationToken, Task> run)
        {
            var running = new Running();
            running._run = Task.Run(() => run(running._end.Token));
            return running;
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _run.WaitAsync(PatienceMax);
            _end.Dispose();
        }
    }
}
