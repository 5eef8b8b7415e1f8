using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// A post's header in <see cref="HotPosts"/>: one cache line.
/// <code>
///  0         8      12     16        24        32      36      40      44      48       64
/// ┌─────────┬──────┬──────┬─────────┬─────────┬───────┬───────┬───────┬───────┬────────┐
/// │ id      │author│ next │ state   │ edited  │ likes │comments│shares│ slot  │ spare  │
/// └─────────┴──────┴──────┴─────────┴─────────┴───────┴───────┴───────┴───────┴────────┘
/// state   63      62     61 60    58 57        32 31        0
///        ┌───────┬────────┬────────┬────────────┬───────────┐
///        │deleted│audience (2)│type (3)│version (26)│ list (32) │
///        └───────┴────────┴────────┴────────────┴───────────┘
/// </code>
/// <see cref="Id"/> is 0 while the line is empty or being written over. <see cref="State"/> is one word, so that a reader never sees a new
/// version with the old audience; the three counters are each exact, not all three of one moment.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal struct HotHeader
{
    public const int Bytes = 64;
    public const int VersionMax = (1 << 26) - 1;

    [FieldOffset(0)] public long Id;
    [FieldOffset(8)] public uint Author;
    /// <summary>The slot of the next older post in the same bucket; 0 at the end.</summary>
    [FieldOffset(12)] public uint Next;
    [FieldOffset(16)] public ulong State;
    [FieldOffset(24)] public long EditedUnixMs;
    [FieldOffset(32)] public int Likes;
    [FieldOffset(36)] public int Comments;
    [FieldOffset(40)] public int Shares;
    [FieldOffset(44)] public uint Slot;

    /// <exception cref="ArgumentOutOfRangeException">The header has a value that the layout has no room for.</exception>
    public static ulong Pack(in PostHeader header)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(header.Version, VersionMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(header.Version);
        return header.List.Value
            | ((ulong)header.Version << 32)
            | ((ulong)((int)header.Type & 7) << 58)
            | ((ulong)((int)header.Audience & 3) << 61)
            | (header.Deleted ? 1UL << 63 : 0);
    }

    /// <summary>Copies the line. The caller looks at the id again afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PostHeader Copy(ref readonly HotHeader line, PostId id)
    {
        var state = line.State;
        return new PostHeader(
            id, new UserId(line.Author), (PostType)((state >> 58) & 7), (Audience)((state >> 61) & 3), new AudienceListId((uint)state),
            (long)state < 0, (int)((state >> 32) & VersionMax), line.EditedUnixMs, new Counts(line.Likes, line.Comments, line.Shares));
    }
}

/// <summary>Asks for a cache line early, so that the misses of a batch overlap. Where the processor has no such order: nothing.</summary>
internal static unsafe class Prefetch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>The same for what the collector may move: then it was for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref readonly T place) where T : struct => Line(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
}
