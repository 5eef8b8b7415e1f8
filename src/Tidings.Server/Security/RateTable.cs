using System.Security.Cryptography;

namespace Tidings.Server.Security;

/// <summary>
/// How much of their quota everybody has used, in a fixed amount of memory. The generic cell rate algorithm (ITU-T I.371): for each principal and
/// class one number, the moment at which the whole quota is there again. A request moves it on by one interval, and is refused where it would
/// come to lie more than a window ahead.
/// <code>
/// a set: 4 × { key (8) │ moment (8) }, one cache line; the set is found by a hash that nobody outside can work out
/// </code>
/// A moment that has passed says nothing that an absent entry doesn't, so a newcomer takes the place of the earliest. Only where all four of
/// a set are in use is anything forgotten, of the one who used least: with more principals at once than the table holds the limits grow
/// wider, never narrower, and nobody pays for another.
/// </summary>
internal sealed class RateTable
{
    /// <summary>Principals that are told apart at a time, for each class: 4 MiB.</summary>
    public const int EntriesMax = 262_144;

    private const int Ways = 4, Gates = 256, SetBits = 16;

    private readonly Entry[] _entries = new Entry[EntriesMax];
    private readonly Lock[] _gates = [.. Enumerable.Range(0, Gates).Select(_ => new Lock())];
    private readonly ulong _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    /// <param name="key">Not 0.</param>
    /// <param name="usedTicks">How long until the whole quota is there again, with this request counted if it was taken.</param>
    /// <returns>False where the quota is used up.</returns>
    public bool TryTake(ulong key, RatePolicy policy, long nowTicks, out long usedTicks)
    {
        var hash = (key ^ (key >> 31)) * 0x9E3779B97F4A7C15 * _secret;
        var set = (int)(hash >> (64 - SetBits));
        lock (_gates[set % Gates])
        {
            ref var entry = ref Find(_entries.AsSpan(set * Ways, Ways), key);
            var used = Math.Max(0, entry.FullAtTicks - nowTicks);
            var taken = used + policy.IntervalTicks <= policy.WindowTicks;
            usedTicks = taken ? used + policy.IntervalTicks : used;
            entry.FullAtTicks = nowTicks + usedTicks;
            return taken;
        }
    }

    private static ref Entry Find(Span<Entry> set, ulong key)
    {
        var earliest = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i].Key == key)
                return ref set[i];
            if (set[i].FullAtTicks < set[earliest].FullAtTicks)
                earliest = i;
        }
        set[earliest] = new Entry { Key = key };
        return ref set[earliest];
    }

    private struct Entry
    {
        public ulong Key;
        public long FullAtTicks;
    }
}
