using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Tidings.Kafka.Topics;

/// <summary>The topics as they have to be, and makes those that aren't there. A topic that is there and differs is refused where that would break order.</summary>
public static class TopicPlan
{
    private const int LooksMax = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Every topic, with the settings that it is made with.</summary>
    public static IReadOnlyList<TopicSpecification> Of(KafkaOptions options)
    {
        options.Validate();
        var topics = new List<TopicSpecification>();
        foreach (var name in EventTopics.All)
        {
            topics.Add(Topic(options, name, options.Partitions, ("cleanup.policy", "delete"), ("retention.ms", Ms(options.Retention))));
            topics.Add(Topic(
                options, EventTopics.DeadLettersOf(name), 1, ("cleanup.policy", "delete"), ("retention.ms", Ms(options.DeadLetterRetention))));
        }
        topics.Add(Topic(options, EventTopics.RelayPositions, 1, ("cleanup.policy", "compact")));
        return topics;
    }

    /// <summary>Returns when every topic is there.</summary>
    /// <returns>The names of the topics that were made.</returns>
    /// <exception cref="KafkaTopicException">A topic has another number of partitions. The message says what to do.</exception>
    /// <exception cref="KafkaException">The brokers can't be reached, or refuse.</exception>
    public static async Task<IReadOnlyList<string>> EnsureAsync(KafkaOptions options, TimeProvider clock, CancellationToken ct)
    {
        var wanted = Of(options);
        using var admin = new AdminClientBuilder(KafkaClients.Common(options)).Build();
        var missing = Missing(wanted, await LookAsync(admin, ct));
        if (missing.Count == 0)
            return [];
        try
        {
            await admin.CreateTopicsAsync(missing, new CreateTopicsOptions { OperationTimeout = Patience, RequestTimeout = Patience });
        }
        catch (CreateTopicsException e) when (e.Results.All(made => made.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Another program made them at the same moment: that they are as they have to be is looked at below.
        }
        // The broker that made them knows them at once, the others a moment later.
        for (var looks = 1; Missing(wanted, await LookAsync(admin, ct)) is { Count: > 0 } still; looks++)
        {
            if (looks == LooksMax)
                throw new KafkaTopicException($"Topic {still[0].Name} was made and isn't there yet. Try again.");
            await Task.Delay(BetweenLooks, clock, ct);
        }
        return [.. missing.Select(topic => topic.Name)];
    }

    internal static List<TopicSpecification> Missing(IReadOnlyList<TopicSpecification> wanted, Metadata found)
    {
        var there = found.Topics.Where(topic => topic.Error.Code == ErrorCode.NoError).ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
        foreach (var topic in wanted)
        {
            if (there.TryGetValue(topic.Name, out var partitions) && partitions != topic.NumPartitions)
            {
                throw new KafkaTopicException(
                    $"Topic {topic.Name} has {partitions} partitions, the options say {topic.NumPartitions}. Set {nameof(KafkaOptions.Partitions)} to what is there: "
                    + "with another number the events of one key would be in two partitions, and out of order.");
            }
        }
        return [.. wanted.Where(topic => !there.ContainsKey(topic.Name))];
    }

    private static Task<Metadata> LookAsync(IAdminClient admin, CancellationToken ct) => Task.Run(() => admin.GetMetadata(Patience), ct);

    private static TopicSpecification Topic(KafkaOptions options, string name, int partitions, params (string Name, string Value)[] settings) => new()
    {
        Name = options.TopicPrefix + name,
        NumPartitions = partitions,
        ReplicationFactor = (short)options.ReplicationFactor,
        Configs = new Dictionary<string, string>(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        {
            ["compression.type"] = "lz4",
            ["min.insync.replicas"] = options.InSyncReplicasMin.ToString(CultureInfo.InvariantCulture),
            ["unclean.leader.election.enable"] = "false",
        },
    };

    private static string Ms(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A topic is not as it has to be. The message says what to do.</summary>
public sealed class KafkaTopicException(string message) : Exception(message);
