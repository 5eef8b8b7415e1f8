using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Tidings.Events;
using Tidings.Kafka;
using Tidings.Kafka.Topics;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class TopicPlanTests(KafkaCluster cluster)
{
    [Fact]
    public void Topics_of_events_have_256_partitions_three_copies_seven_days_and_lz4()
    {
        var topics = TopicPlan.Of(new KafkaOptions { Brokers = "unasked:9092" }).ToDictionary(topic => topic.Name);

        Assert.Equal(7, topics.Count);
        foreach (var name in new[] { "post-events", "engagement-events", "graph-events" })
        {
            Assert.Equal((256, 3), (topics[name].NumPartitions, topics[name].ReplicationFactor));
            Assert.Equal("604800000", topics[name].Configs["retention.ms"]);
            Assert.Equal("delete", topics[name].Configs["cleanup.policy"]);
            Assert.Equal("lz4", topics[name].Configs["compression.type"]);
            Assert.Equal("2", topics[name].Configs["min.insync.replicas"]);
            Assert.Equal("false", topics[name].Configs["unclean.leader.election.enable"]);
            Assert.Equal("2592000000", topics[name + "-dead-letters"].Configs["retention.ms"]);
        }
        Assert.Equal("compact", topics["relay-positions"].Configs["cleanup.policy"]);
        Assert.Equal(1, topics["relay-positions"].NumPartitions);
    }

    [Fact]
    public void Every_kind_of_event_has_a_topic()
    {
        foreach (var kind in Enum.GetValues<EventKind>())
            Assert.Contains(EventTopics.Of(kind), EventTopics.All);
    }

    [Fact]
    public void Keys_are_the_author_the_posts_author_and_who_acts()
    {
        var happened = new Event(1, EventKind.PostPublished, new UserId(7), new UserId(7), default, 0, 0);
        Assert.Equal("7"u8.ToArray(), EventTopics.KeyBytes(EventTopics.KeyOf(happened)));
        var by12 = happened with { Actor = new UserId(12) };
        Assert.Equal(new UserId(7), EventTopics.KeyOf(by12 with { Kind = EventKind.MarkChanged }));
        Assert.Equal(new UserId(7), EventTopics.KeyOf(by12 with { Kind = EventKind.Commented }));
        Assert.Equal(new UserId(12), EventTopics.KeyOf(by12 with { Kind = EventKind.TieChanged }));
        Assert.Equal(new UserId(12), EventTopics.KeyOf(by12 with { Kind = EventKind.PersonErased }));
    }

    [Fact]
    public async Task Topics_that_are_there_are_left_alone_and_one_with_other_partitions_is_refused()
    {
        var options = await cluster.MakeAsync();
        Assert.Empty(await TopicPlan.EnsureAsync(options, TimeProvider.System, TestContext.Current.CancellationToken));

        options.Partitions = 9;
        var refused = await Assert.ThrowsAsync<KafkaTopicException>(() => TopicPlan.EnsureAsync(options, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("post-events has 8 partitions, the options say 9", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_has_the_topics_as_they_were_planned()
    {
        Assert.SkipWhen(KafkaCluster.Named is null, "librdkafka's brokers keep no settings of topics: name a Kafka broker in TIDINGS_KAFKA.");
        var options = await cluster.MakeAsync();
        using var admin = new AdminClientBuilder(KafkaClients.Common(options)).Build();
        foreach (var topic in TopicPlan.Of(options))
        {
            var described = Assert.Single(await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic.Name }]));
            foreach (var (name, value) in topic.Configs)
                Assert.Equal((topic.Name, name, value), (topic.Name, name, described.Entries[name].Value));
        }
    }

    [Theory]
    [InlineData("Brokers", "")]
    [InlineData("TopicPrefix", "a b")]
    [InlineData("Partitions", 0)]
    [InlineData("ReplicationFactor", 8)]
    [InlineData("InSyncReplicasMin", 4)]
    [InlineData("BatchEventsMax", 10_001)]
    [InlineData("PrefetchKibMax", 63)]
    [InlineData("SessionMs", 999)]
    [InlineData("TriesMax", 0)]
    public void An_option_out_of_its_range_is_refused_by_its_name(string name, object value)
    {
        var options = new KafkaOptions { Brokers = "unasked:9092" };
        typeof(KafkaOptions).GetProperty(name)!.SetValue(options, value);
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => TopicPlan.Of(options)).ParamName);
    }

    [Fact]
    public void Settings_of_the_connection_cannot_undo_what_is_relied_on()
    {
        var options = new KafkaOptions
        {
            Brokers = "unasked:9092",
            Connection = new Dictionary<string, string>
            {
                ["security.protocol"] = "ssl", ["enable.idempotence"] = "false", ["acks"] = "0", ["message.timeout.ms"] = "1",
                ["enable.auto.offset.store"] = "true", ["client.id"] = "other",
            },
        };

        var sending = KafkaClients.Sending(options).ToDictionary();
        Assert.Equal(("ssl", "True", "-1", "0"), (sending["security.protocol"], sending["enable.idempotence"], sending["acks"], sending["message.timeout.ms"]));
        Assert.Equal("False", KafkaClients.Reading(options, "a").ToDictionary()["enable.auto.offset.store"]);
    }
}
