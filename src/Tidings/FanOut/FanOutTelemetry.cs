using System.Diagnostics.Metrics;

namespace Tidings.FanOut;

/// <summary>What an operator sees of fan-out.</summary>
internal static class FanOutTelemetry
{
    private static readonly Meter Meter = new("Tidings.FanOut");

    public static readonly Counter<long> Deliveries = Meter.CreateCounter<long>("tidings.fanout.deliveries", "{delivery}", "Post ids put into inboxes.");
    public static readonly Counter<long> Skipped = Meter.CreateCounter<long>("tidings.fanout.skipped", "{reader}", "Followers without an inbox: dormant, or not here since the start.");
    public static readonly Counter<long> Pulled = Meter.CreateCounter<long>("tidings.fanout.pulled", "{post}", "Posts left for their readers to pull.");
    public static readonly Counter<long> Crossings = Meter.CreateCounter<long>("tidings.fanout.crossings", "{author}", "Authors who changed between push and pull.");
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "tidings.fanout.lag", "s", "From the commit of a post to its last delivery.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 10] });
}
