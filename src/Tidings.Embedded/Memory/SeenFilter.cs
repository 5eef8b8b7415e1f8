using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// What one reader has seen: a Bloom filter in a <see cref="Slab"/> block of 64 B to 8 KiB, 16 bits for each post that it has room for. All five bits
/// of a post are in one word of 64 (Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2009): a question touches memory once
/// and is wrong in some 0.6 % of cases when the filter is full, a tenth of that when it is half full.
/// <code>
///  0      4       8       16     18      20      21     24
/// ┌──────┬───────┬───────┬──────┬───────┬───────┬──────┐
/// │ gate │ block │ epoch │ day  │ count │ class │ spare│      day 0: not made
/// └──────┴───────┴───────┴──────┴───────┴───────┴──────┘
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct SeenFilter
{
    public const int Bytes = 24;

    /// <summary>Posts that the largest block has room for.</summary>
    public const int PostsMax = Slab.PageBytes / BytesPerPost;

    private const int BytesPerPost = 2;

    /// <summary>Room that a new filter has besides, at least: a day's reading for most.</summary>
    private const int SparePosts = 64;

    [FieldOffset(0)] private int _gate;
    [FieldOffset(4)] private uint _block;
    /// <summary>One more with each report: what was read before is worthless after.</summary>
    [FieldOffset(8)] public long Epoch;
    /// <summary>The day on which it was made, and for which it holds.</summary>
    [FieldOffset(16)] public ushort Day;
    [FieldOffset(18)] private ushort _count;
    [FieldOffset(20)] private byte _class;

    public void Enter()
    {
        var spin = new SpinWait();
        while (Interlocked.CompareExchange(ref _gate, 1, 0) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    public void Leave() => Volatile.Write(ref _gate, 0);

    public readonly void Check(Slab slab, ReadOnlySpan<PostId> posts, Span<bool> into)
    {
        if (_block == 0)
        {
            into[..posts.Length].Clear();
            return;
        }
        var words = (ulong*)slab.At(_block);
        var wordMask = WordMask;
        for (var i = 0; i < posts.Length; i++)
        {
            var hash = Hash(posts[i]);
            var bits = BitsOf(hash);
            into[i] = (words[(uint)(hash >> 32) & wordMask] & bits) == bits;
        }
    }

    /// <returns>False where it has no room for so many more.</returns>
    public bool TryAdd(Slab slab, ReadOnlySpan<PostId> posts)
    {
        if (_block == 0 || _count + posts.Length > Slab.BytesOf(_class) / BytesPerPost) return posts.Length == 0;
        var words = (ulong*)slab.At(_block);
        foreach (var post in posts)
        {
            var hash = Hash(post);
            ref var word = ref words[(uint)(hash >> 32) & WordMask];
            if ((word & BitsOf(hash)) != BitsOf(hash)) _count++;
            word |= BitsOf(hash);
        }
        return true;
    }

    /// <summary>Takes a block with room for twice as many, as far as there are blocks of that size.</summary>
    /// <returns>False where there is no memory.</returns>
    public bool TryMake(Slab slab, int posts, int day)
    {
        Drop(slab);
        if (posts > 0)
        {
            var sizeClass = Slab.ClassOf(Math.Min(Slab.PageBytes, (posts + Math.Max(posts, SparePosts)) * BytesPerPost));
            if (!slab.TryRent(sizeClass, out _block)) return false;
            _class = (byte)sizeClass;
            new Span<byte>(slab.At(_block), Slab.BytesOf(sizeClass)).Clear();
        }
        Day = (ushort)day;
        return true;
    }

    public void Drop(Slab slab)
    {
        if (_block != 0) slab.Return(_block, _class);
        (_block, _count, Day) = (0, 0, 0);
    }

    private readonly uint WordMask => ((uint)Slab.BytesOf(_class) / sizeof(ulong)) - 1;

    /// <summary>The finalizer of MurmurHash3: every bit of an id, which rise in steps, moves every bit of this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(PostId post)
    {
        var hash = (ulong)post.Value;
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BitsOf(ulong hash) =>
        (1UL << (int)hash) | (1UL << (int)(hash >> 6)) | (1UL << (int)(hash >> 12)) | (1UL << (int)(hash >> 18)) | (1UL << (int)(hash >> 24));
}
