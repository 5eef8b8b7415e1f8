namespace Tidings;

/// <summary>
/// The 63-bit ids of posts and comments. Sorting by id is sorting by time of creation, and the id alone tells when and on
/// which logical shard its record lives.
/// <code>
///  62                                    22 21            8 7      0
/// ┌────────────────────────────────────────┬───────────────┬────────┐
/// │ milliseconds since 2006-01-01 (41)     │ sequence (14) │ shard 8│
/// └────────────────────────────────────────┴───────────────┴────────┘
/// </code>
/// The range ends in the year 2075. Ids of one maker strictly rise, even when the clock steps back or more than 16,384 are made in a
/// millisecond: then the id runs ahead of the clock.
/// </summary>
public static class TimeOrderedId
{
    public const int ShardBits = 8;
    public const int SequenceBits = 14;
    public const int TimeShift = ShardBits + SequenceBits;

    /// <summary>2006-01-01T00:00:00Z in Unix milliseconds.</summary>
    public const long EpochUnixMs = 1_136_073_600_000;

    public static long UnixMs(long id) => (id >> TimeShift) + EpochUnixMs;

    public static int Shard(long id) => (int)(id & ((1 << ShardBits) - 1));

    /// <summary>The least id that could be made at <paramref name="unixMs"/>: a bound for ranges in time, never a post's id.</summary>
    public static long FirstAt(long unixMs) => Math.Max(0, unixMs - EpochUnixMs) << TimeShift;

    /// <summary>The next id after <paramref name="last"/> for something created at <paramref name="unixMs"/>.</summary>
    public static long Next(long last, long unixMs, int shard)
    {
        var tick = FirstAt(unixMs) >> ShardBits;
        var lastTick = last >> ShardBits;
        return (Math.Max(tick, lastTick + 1) << ShardBits) | (uint)shard;
    }
}
