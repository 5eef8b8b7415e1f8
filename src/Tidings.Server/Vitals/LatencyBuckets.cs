using System.Numerics;

namespace Tidings.Server.Vitals;

/// <summary>
/// How long things took, in buckets of which sixteen make a doubling, from 256 ns to 64 s: whatever was measured is told to within 3 %. To note costs one
/// interlocked increment of a counter that the cores don't share, and no garbage; the memory is fixed (2 KB a core).
/// </summary>
internal sealed class LatencyBuckets
{
    public const int Count = (HighestBit - LowestBit) << FractionBits;

    private const int LowestBit = 8, HighestBit = 36, FractionBits = 4;
    private const double NsPerSecond = 1e9, NsPerMs = 1e6;
    private const int CoresMax = 16;

    private static readonly int CoreMask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, CoresMax)) - 1;

    private readonly int[] _counts = new int[(CoreMask + 1) * Count];

    public void Note(double seconds)
    {
        var stripe = Thread.GetCurrentProcessorId() & CoreMask;
        Interlocked.Increment(ref _counts[stripe * Count + BucketOf(seconds)]);
    }

    /// <summary>Adds up what was noted since the last call and begins anew. One caller at a time.</summary>
    /// <param name="into">Of <see cref="Count"/>.</param>
    /// <returns>How many there were.</returns>
    public int Take(Span<int> into)
    {
        into.Clear();
        var total = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (Volatile.Read(ref _counts[i]) == 0)
                continue;
            var noted = Interlocked.Exchange(ref _counts[i], 0);
            into[i % Count] += noted;
            total += noted;
        }
        return total;
    }

    /// <summary>The time that a share of what was taken didn't take longer than, as the middle of its bucket.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="total">More than 0.</param>
    public static double QuantileMs(ReadOnlySpan<int> taken, int total, double share)
    {
        var rank = Math.Max(1, (int)Math.Ceiling(total * share));
        var bucket = -1;
        while (rank > 0)
            rank -= taken[++bucket];
        return MiddleNs(bucket) / NsPerMs;
    }

    internal static int BucketOf(double seconds)
    {
        var ns = (ulong)Math.Clamp(seconds * NsPerSecond, 1L << LowestBit, (1L << HighestBit) - 1);
        var bit = BitOperations.Log2(ns);
        return ((bit - LowestBit) << FractionBits) + (int)((ns >> (bit - FractionBits)) & ((1 << FractionBits) - 1));
    }

    private static double MiddleNs(int bucket)
    {
        var bit = (bucket >> FractionBits) + LowestBit;
        var fraction = bucket & ((1 << FractionBits) - 1);
        return ((1 << FractionBits) + fraction + 0.5) * (1L << (bit - FractionBits));
    }
}
