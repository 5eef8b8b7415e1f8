using Confluent.Kafka;

namespace Tidings.Kafka;

/// <summary>The clients as every part of this project has them.</summary>
internal static class KafkaClients
{
    /// <summary>
    /// A producer whose every topic partition is a prefix of what it was given, in order and without gaps: idempotent, confirmed by all replicas in sync,
    /// and without a time after which a message is dropped while the one behind it is sent. What can't be sent ends the producer.
    /// </summary>
    public static ProducerConfig Sending(KafkaOptions options) => new(Common(options))
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        EnableGaplessGuarantee = true,
        MessageTimeoutMs = 0,
        LingerMs = options.LingerMs,
        CompressionType = CompressionType.Lz4,
        Partitioner = Partitioner.Murmur2Random,
        // Never full: at most a batch is on its way.
        QueueBufferingMaxMessages = 100_000,
    };

    /// <summary>A producer that says within ten seconds whether what it was given is stored. What it sends is awaited one by one and may be there twice, so
    /// there is no order that idempotence would have to keep.</summary>
    public static ProducerConfig SendingSoon(KafkaOptions options) => new(Common(options))
    {
        Acks = Acks.All,
        MaxInFlight = 1,
        MessageTimeoutMs = 10_000,
        LingerMs = 0,
        Partitioner = Partitioner.Murmur2Random,
    };

    /// <summary>
    /// Commits what is stored, and stores nothing by itself: <c>StoreOffset</c> follows the effect. Where a committed offset is no longer there the consumer
    /// says so, and doesn't begin elsewhere in silence.
    /// </summary>
    public static ConsumerConfig Reading(KafkaOptions options, string group) => new(Common(options))
    {
        GroupId = group,
        EnableAutoCommit = true,
        EnableAutoOffsetStore = false,
        AutoCommitIntervalMs = options.CommitMs,
        AutoOffsetReset = AutoOffsetReset.Error,
        // Eager: the same partition of all topics comes to the same consumer, and nobody holds one while another takes it.
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        SessionTimeoutMs = options.SessionMs,
        HeartbeatIntervalMs = Math.Max(100, options.SessionMs / 15),
        QueuedMinMessages = options.PrefetchEventsMax,
        QueuedMaxMessagesKbytes = options.PrefetchKibMax,
        IsolationLevel = IsolationLevel.ReadCommitted,
    };

    /// <summary>A consumer of no group, that reads to an end.</summary>
    public static ConsumerConfig Looking(KafkaOptions options) => new(Common(options))
    {
        GroupId = "tidings-looking",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Earliest,
    };

    public static ClientConfig Common(KafkaOptions options)
    {
        var config = new ClientConfig();
        // Errors. Its warnings speak of what is meant so, and of commits in a rebalance, which are made again.
        config.Set("log_level", "3");
        foreach (var (name, value) in options.Connection)
            config.Set(name, value);
        config.BootstrapServers = options.Brokers;
        config.ClientId = "tidings";
        config.AllowAutoCreateTopics = false;
        return config;
    }
}
