using System.Diagnostics.Metrics;

namespace Tidings.Feeds;

/// <summary>What an operator sees of reading.</summary>
internal static class FeedTelemetry
{
    private static readonly Meter Meter = new("Tidings.Feeds");

    private static readonly Counter<long> Reads = Meter.CreateCounter<long>("tidings.feed.reads", "{page}", "Feed pages read, by order.");
    private static readonly Counter<long> Unranked = Meter.CreateCounter<long>(
        "tidings.feed.unranked", "{page}", "Feed pages that a model should have ranked and could not, by the reason.");
    public static readonly Counter<long> Rebuilds = Meter.CreateCounter<long>("tidings.feed.rebuilds", "{inbox}", "Inboxes rebuilt inside a read.");
    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "tidings.feed.duration", "s", "Time of a read in the engine.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.2] });

    /// <summary>Made once: a tag is an object.</summary>
    private static readonly KeyValuePair<string, object?>[] Orders =
        [.. Enum.GetValues<FeedOrder>().Select(order => new KeyValuePair<string, object?>("order", order))];

    public static void CountRead(FeedOrder order) => Reads.Add(1, Orders[(int)order]);

    public static void CountUnranked(FeedQuality quality) =>
        Unranked.Add(1, new KeyValuePair<string, object?>("reason", quality == FeedQuality.ModelServerAway ? "model_server_away" : "model_failed"));
}
