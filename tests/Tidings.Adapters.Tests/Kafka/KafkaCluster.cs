using System.Runtime.InteropServices;
using System.Text;
using Tidings.Adapters.Tests.Kafka;
using Tidings.Kafka;
using Tidings.Kafka.Topics;
using Xunit;

[assembly: AssemblyFixture(typeof(KafkaCluster))]

namespace Tidings.Adapters.Tests.Kafka;

/// <summary>
/// One cluster for all tests of a run: the one that TIDINGS_KAFKA names, or else three brokers that librdkafka, the library under Confluent.Kafka, plays in memory
/// with the real protocol. Each test has topics of its own. Those brokers can't make topics when they are asked, so that is done at their back door;
/// they keep the newest 5 MB of a partition.
/// </summary>
public sealed partial class KafkaCluster : IDisposable
{
    private static readonly string Run = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) + "-"
        + TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    static KafkaCluster() => NativeLibrary.SetDllImportResolver(typeof(KafkaCluster).Assembly, (name, _, _) => name == Librdkafka ? Loaded() : 0);

    private const string Librdkafka = "librdkafka";

    private static int _tests;
    private readonly Lock _gate = new();
    private nint _client;
    private nint _mock;

    /// <summary>Null where the brokers are those of librdkafka.</summary>
    public static string? Named { get; } = Environment.GetEnvironmentVariable("TIDINGS_KAFKA") is { Length: > 0 } brokers ? brokers : null;

    /// <summary>Options of a test, with topics that are there and empty.</summary>
    public async Task<KafkaOptions> MakeAsync(Action<KafkaOptions>? change = null)
    {
        var options = Options(Named ?? Bootstraps());
        change?.Invoke(options);
        if (Named is not null)
        {
            await TopicPlan.EnsureAsync(options, TimeProvider.System, TestContext.Current.CancellationToken);
            return options;
        }
        foreach (var topic in TopicPlan.Of(options))
        {
            if (MakeTopic(_mock, topic.Name, topic.NumPartitions, topic.ReplicationFactor) is var error && error != 0)
                throw new InvalidOperationException($"{topic.Name} can't be made: error {error}.");
        }
        return options;
    }

    /// <summary>All brokers refuse connections and drop those that they have; or take them again. Only on a cluster in memory that no other test uses.</summary>
    public void Away(bool away)
    {
        for (var broker = 1; broker <= Brokers; broker++)
        {
            if ((away ? SetDown(_mock, broker) : SetUp(_mock, broker)) is var error && error != 0)
                throw new InvalidOperationException($"Broker {broker}: error {error}.");
        }
    }

    public void Dispose()
    {
        if (_mock != 0)
            DestroyMock(_mock);
        if (_client != 0)
            DestroyClient(_client);
    }

    private static KafkaOptions Options(string brokers) => new()
    {
        Brokers = brokers,
        TopicPrefix = $"{Run}-{Interlocked.Increment(ref _tests)}-",
        Partitions = 8,
        ReplicationFactor = Named is null ? 3 : 1,
        BatchEventsMax = 100,
        CommitMs = 50,
        // In memory a changed group waits for its members for a session less a second; a broker allows no session of less than six.
        SessionMs = Named is null ? 2_000 : 6_000,
        RetryMs = 2,
        TriesMax = 3,
        // librdkafka's brokers let a fetch that found nothing wait to the end, whatever comes meanwhile.
        Connection = new Dictionary<string, string> { ["fetch.wait.max.ms"] = "20" },
    };

    private string Bootstraps()
    {
        lock (_gate)
        {
            if (_mock == 0)
            {
                var error = new byte[512];
                _client = NewClient(Producer, NewConf(), error, (nuint)error.Length);
                if (_client == 0)
                    throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
                _mock = NewMock(_client, Brokers);
                // A group in memory needn't wait three seconds for members who come late.
                DelayFirstRebalance(_mock, 20);
            }
            return Marshal.PtrToStringUTF8(BootstrapsOf(_mock))!;
        }
    }

    /// <summary>The very library that Confluent.Kafka has loaded: it chooses one of several for the machine.</summary>
    private static nint Loaded()
    {
        Confluent.Kafka.Library.Load();
        var mapped = File.ReadLines("/proc/self/maps").First(line => line.EndsWith("librdkafka.so", StringComparison.Ordinal));
        return NativeLibrary.Load(mapped[mapped.IndexOf('/', StringComparison.Ordinal)..]);
    }

    private const int Producer = 0;
    private const int Brokers = 3;

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_conf_new")]
    private static partial nint NewConf();

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_new")]
    private static partial nint NewClient(int type, nint conf, byte[] error, nuint bytes);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_destroy")]
    private static partial void DestroyClient(nint client);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial nint NewMock(nint client, int brokers);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyMock(nint mock);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial nint BootstrapsOf(nint mock);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    private static partial void DelayFirstRebalance(nint mock, int ms);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_down")]
    private static partial int SetDown(nint mock, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_broker_set_up")]
    private static partial int SetUp(nint mock, int broker);

    [LibraryImport(Librdkafka, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeTopic(nint mock, string topic, int partitions, int replicas);
}
