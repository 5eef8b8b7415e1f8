using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tidings.Kafka;

/// <summary>What can be measured and traced here. Gauges belong to the relay or consumer that is measured, and go with it.</summary>
internal static class KafkaTelemetry
{
    public const string Name = "Tidings.Kafka";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Relayed =
        Meter.CreateCounter<long>("tidings.kafka.relayed", "{event}", "Events that the brokers confirmed.");

    public static readonly Counter<long> Applied =
        Meter.CreateCounter<long>("tidings.kafka.applied", "{event}", "Events whose effect is stored.");

    public static readonly Counter<long> Repeated =
        Meter.CreateCounter<long>("tidings.kafka.repeated", "{event}", "Events that came again and were passed over.");

    public static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("tidings.kafka.failures", "{try}", "Tries to apply an event that failed.");

    public static readonly Counter<long> DeadLetters =
        Meter.CreateCounter<long>("tidings.kafka.dead_letters", "{event}", "Events that were put aside.");
}
