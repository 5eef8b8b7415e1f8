using System.Diagnostics.Metrics;

namespace Tidings.Live;

/// <summary>What an operator sees of live updates.</summary>
internal static class LiveTelemetry
{
    private static readonly Meter Meter = new("Tidings.Live");

    public static readonly Counter<long> Told = Meter.CreateCounter<long>(
        "tidings.live.told", "{event}", "Events given to readers who are here, one for each reader.");
    public static readonly Counter<long> Resyncs = Meter.CreateCounter<long>(
        "tidings.live.resyncs", "{resync}", "Connections that were told to read again: too slow, or from before a restart.");
}
