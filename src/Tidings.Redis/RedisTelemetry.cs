using System.Diagnostics.Metrics;

namespace Tidings.Redis;

/// <summary>What an operator sees of Redis.</summary>
internal static class RedisTelemetry
{
    private static readonly Meter Meter = new("Tidings.Redis");

    public static readonly Counter<long> Away = Meter.CreateCounter<long>("tidings.redis.away", "{call}", "Calls that Redis didn't answer.");
    public static readonly Counter<long> TimelinesBehind = Meter.CreateCounter<long>(
        "tidings.redis.timelines_behind", "{post}", "Posts that came to their author's timeline by the log, because Redis was away when they were published.");
    public static readonly Counter<long> AffinityBehind = Meter.CreateCounter<long>(
        "tidings.redis.affinity_behind", "{encounter}", "Encounters that the log brings, because Redis was away when they were counted.");
    public static readonly Counter<long> SignsLost = Meter.CreateCounter<long>(
        "tidings.redis.signs_lost", "{sign}", "Signs of life that could not be noted, because Redis was away.");
    public static readonly Counter<long> LiveLost = Meter.CreateCounter<long>(
        "tidings.redis.live_lost", "{message}", "Live updates that could not be told, because Redis was away.");
    public static readonly Counter<long> LiveGaps = Meter.CreateCounter<long>(
        "tidings.redis.live_gaps", "{gap}", "Times that live updates were missing and all readers of this process were told to read again.");
    public static readonly Counter<long> TimelinesPulled = Meter.CreateCounter<long>(
        "tidings.redis.timelines_pulled", "{read}", "Reads of timelines that the record answered, because Redis was away.");
}
