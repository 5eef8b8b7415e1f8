using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tidings.Embedded.Memory;

/// <summary>Looking for a place in sorted ids.</summary>
internal static class Search
{
    /// <summary>The index of the first id that is at least <paramref name="id"/>, or the length. Without branches that depend on the data: what
    /// people follow is no pattern that a processor could foresee.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LowerBound(ReadOnlySpan<uint> sorted, uint id)
    {
        ref var first = ref MemoryMarshal.GetReference(sorted);
        nint at = 0, length = sorted.Length;
        while (length > 0)
        {
            var half = (length + 1) >> 1;
            at += half * Unsafe.BitCast<bool, byte>(Unsafe.Add(ref first, at + half - 1) < id);
            length -= half;
        }
        return (int)at;
    }

    /// <summary>The same, when the answer is likely a little way on from <paramref name="from"/>.</summary>
    public static int Gallop(ReadOnlySpan<uint> sorted, int from, uint id)
    {
        var step = 1;
        var end = from;
        while (end < sorted.Length && sorted[end] < id)
        {
            from = end + 1;
            end += step;
            step <<= 1;
        }
        return from + LowerBound(sorted[from..Math.Min(end, sorted.Length)], id);
    }

    /// <summary>The index of the last of <paramref name="firsts"/> that is at most <paramref name="id"/>; 0 where none is.</summary>
    public static int Covering(ReadOnlySpan<uint> firsts, uint id)
    {
        var at = LowerBound(firsts, id);
        return at < firsts.Length && firsts[at] == id ? at : Math.Max(0, at - 1);
    }
}

/// <summary>Copies of arrays with a small difference.</summary>
internal static class Arrays
{
    public static T[] With<T>(ReadOnlySpan<T> array, int at, T item)
    {
        var copy = GC.AllocateUninitializedArray<T>(array.Length + 1);
        array[..at].CopyTo(copy);
        copy[at] = item;
        array[at..].CopyTo(copy.AsSpan(at + 1));
        return copy;
    }

    public static T[] Without<T>(ReadOnlySpan<T> array, int at)
    {
        var copy = GC.AllocateUninitializedArray<T>(array.Length - 1);
        array[..at].CopyTo(copy);
        array[(at + 1)..].CopyTo(copy.AsSpan(at));
        return copy;
    }

    public static T[] WithAt<T>(ReadOnlySpan<T> array, int at, T item)
    {
        var copy = array.ToArray();
        copy[at] = item;
        return copy;
    }
}
