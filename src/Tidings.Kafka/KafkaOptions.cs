namespace Tidings.Kafka;

/// <summary>Where the topics are, and how they are written and read. Checked by whoever takes it.</summary>
public sealed class KafkaOptions
{
    /// <summary>Addresses to begin with, <c>host:port</c>, commas between several.</summary>
    public required string Brokers { get; set; }

    /// <summary>Comes before the name of every topic: topics belong to one record. At most 64 letters, digits, dots, underscores, hyphens; default none.</summary>
    public string TopicPrefix { get; set; } = "";

    /// <summary>Partitions of each topic of events. 1 to 4,096; default 256. Never changed later: a key's events would be in two partitions.</summary>
    public int Partitions { get; set; } = 256;

    /// <summary>Copies of each partition. 1 to 7; default 3.</summary>
    public int ReplicationFactor { get; set; } = 3;

    /// <summary>Copies that must have an event before it counts as stored. 1 to <see cref="ReplicationFactor"/>; default 2, or 1 with one copy.</summary>
    public int InSyncReplicasMin { get => field == 0 ? Math.Min(2, ReplicationFactor) : field; set; }

    /// <summary>How long events are kept. 1 minute to 365 days; default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long dead letters are kept. 1 minute to 365 days; default 30 days.</summary>
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Events that are sent, or applied, in one go. 1 to 10,000; default 1,000.</summary>
    public int BatchEventsMax { get; set; } = 1_000;

    /// <summary>Milliseconds that a producer waits for more events to send with one. 0 to 1,000; default 5.</summary>
    public int LingerMs { get; set; } = 5;

    /// <summary>Events that a consumer fetches ahead. 1 to 1,000,000; default 10,000.</summary>
    public int PrefetchEventsMax { get; set; } = 10_000;

    /// <summary>KiB that a consumer fetches ahead. 64 to 1,048,576; default 16,384.</summary>
    public int PrefetchKibMax { get; set; } = 16_384;

    /// <summary>Milliseconds between two commits of the offsets of what was applied. 10 to 60,000; default 1,000.</summary>
    public int CommitMs { get; set; } = 1_000;

    /// <summary>Milliseconds after which the group counts a silent consumer as gone. 1,000 to 300,000; default 45,000.</summary>
    public int SessionMs { get; set; } = 45_000;

    /// <summary>Times that an event is tried before it becomes a dead letter. 1 to 100; default 5.</summary>
    public int TriesMax { get; set; } = 5;

    /// <summary>Milliseconds before the second try; each further one waits twice as long, 30 s at most. 1 to 30,000; default 200.</summary>
    public int RetryMs { get; set; } = 200;

    /// <summary>Further settings of librdkafka for every connection, for example <c>security.protocol</c> and <c>sasl.username</c>. At most 100.
    /// They can't change what this project relies on: its own settings come after them.</summary>
    public IReadOnlyDictionary<string, string> Connection { get; set; } = new Dictionary<string, string>();

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Brokers, nameof(Brokers));
        if (TopicPrefix.Length > 64 || TopicPrefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
            throw new ArgumentException("At most 64 letters, digits, dots, underscores and hyphens.", nameof(TopicPrefix));
        Between(Partitions, 1, 4_096, nameof(Partitions));
        Between(ReplicationFactor, 1, 7, nameof(ReplicationFactor));
        Between(InSyncReplicasMin, 1, ReplicationFactor, nameof(InSyncReplicasMin));
        Between(Retention, nameof(Retention));
        Between(DeadLetterRetention, nameof(DeadLetterRetention));
        Between(BatchEventsMax, 1, 10_000, nameof(BatchEventsMax));
        Between(LingerMs, 0, 1_000, nameof(LingerMs));
        Between(PrefetchEventsMax, 1, 1_000_000, nameof(PrefetchEventsMax));
        Between(PrefetchKibMax, 64, 1_048_576, nameof(PrefetchKibMax));
        Between(CommitMs, 10, 60_000, nameof(CommitMs));
        Between(SessionMs, 1_000, 300_000, nameof(SessionMs));
        Between(TriesMax, 1, 100, nameof(TriesMax));
        Between(RetryMs, 1, 30_000, nameof(RetryMs));
        Between(Connection.Count, 0, 100, nameof(Connection));
    }

    private static void Between(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }

    private static void Between(TimeSpan value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMinutes(1), name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(365), name);
    }
}
