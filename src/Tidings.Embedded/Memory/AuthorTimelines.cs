using System.Runtime.InteropServices;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>Where an author's posts are read that memory no longer holds.</summary>
internal interface IColdTimelines
{
    /// <summary>The author's newest posts older than <paramref name="before"/>, newest first.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    int Older(UserId author, PostId before, Span<PostId> into);
}

/// <summary>
/// The newest posts of every author: a ring of at most 100 slots each (the seed's figure), in a <see cref="Slab"/> block that grows from 16
/// to 128 entries. <see cref="TimelineMerge"/> reads them.
/// 1. The i-th post of an author is entry i mod the block's entries, so an entry's ordinal holds while the block grows.
/// 2. One writer. A ring has a sequence that is odd while it changes; a reader copies and starts over where the sequence moved. A block that
///    was given back may be read by such a reader, never believed.
/// 3. What is missing from a ring is older than what is in it, and <see cref="Ring.HasOlder"/> says that it exists: the record has it.
/// 4. Each append looks at one other author in turn and drops what is no longer hot. So nobody holds a slot for 2^31 posts, and authors who
///    went silent give their block back.
/// <code>
///  0         4       8         12        16      17      18        19     32
/// ┌─────────┬───────┬─────────┬─────────┬───────┬───────┬─────────┬──────┐
/// │ sequence│ block │ written │ dropped │ count │ class │ hasOlder│ spare│
/// └─────────┴───────┴─────────┴─────────┴───────┴───────┴─────────┴──────┘
/// </code>
/// </summary>
internal sealed unsafe class AuthorTimelines : IDisposable
{
    public const int RingEntriesMax = 100;

    private const int ClassMax = 3;

    private readonly HotPosts _hot;
    private readonly Slab _slab;
    private readonly PersonTable _rings = new(sizeof(Ring));
    private uint _published;
    private long _turn, _bytes;

    public AuthorTimelines(HotPosts hot, Slab slab)
    {
        (_hot, _slab) = (hot, slab);
        _published = hot.LastSlot;
    }

    /// <summary>Up to this slot all posts are in their authors' rings: what a reader may take as the present.</summary>
    public uint Published => Volatile.Read(ref _published);

    /// <summary>What the rings' blocks take. Besides, everyone in a segment of 65,536 people with a post has a record of 32 bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds the author's newest post. Writer only, in the order of the slots.</summary>
    public void Append(UserId author, uint slot)
    {
        TrimNext();
        Load(author, slot);
    }

    /// <summary>The same without a look at another author, which costs a cache miss: for the many posts of a start.</summary>
    public void Load(UserId author, uint slot)
    {
        var ring = (Ring*)_rings.Ensure((uint)author.Value);
        MakeRoom(ring, out var block, out var sizeClass);
        if (block != 0)
        {
            Begin(ring);
            (ring->Block, ring->Class) = (block, sizeClass);
            Entries(block)[ring->Written & MaskOf(sizeClass)] = slot;
            ring->Written++;
            ring->Count++;
            End(ring);
        }
        if ((int)(slot - _published) > 0) Volatile.Write(ref _published, slot);
    }

    /// <summary>Brings the author's ring closer, a while before a post is added.</summary>
    public void PrepareLoad(UserId author) => Prefetch.Line(_rings.Find((uint)author.Value));

    /// <summary>Says that the author has posts older than all that was ever added to the hot posts. Writer only.</summary>
    public void MarkOlder(UserId author) => ((Ring*)_rings.Ensure((uint)author.Value))->HasOlder = 1;

    /// <summary>The newest posts of all these authors together that are older than <paramref name="before"/>, newest first, each once.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    public int Newest(ReadOnlySpan<UserId> authors, PostId before, Span<PostId> into, IColdTimelines cold) =>
        TimelineMerge.Newest(this, _hot, authors, before, into, cold);

    /// <summary>Brings the authors' rings closer, so that the misses of many overlap.</summary>
    public void Prepare(ReadOnlySpan<UserId> authors)
    {
        foreach (var author in authors)
            Prefetch.Line(_rings.Find((uint)author.Value));
        foreach (var author in authors)
        {
            var ring = (Ring*)_rings.Find((uint)author.Value);
            if (ring == null || ring->Block == 0) continue;
            Prefetch.Line(Entries(ring->Block) + ((ring->Written - 1) & MaskOf(ring->Class)));
        }
    }

    /// <summary>Copies entries of one ring, newest first: those at or before slot <paramref name="bound"/>, and from ordinal
    /// <paramref name="next"/> downwards where the ring was read before (null at first).</summary>
    public RingPart Read(UserId author, uint bound, uint? next, Span<uint> into)
    {
        var ring = (Ring*)_rings.Find((uint)author.Value);
        if (ring == null) return default;
        var spin = new SpinWait();
        while (true)
        {
            var sequence = Volatile.Read(ref ring->Sequence);
            if ((sequence & 1) == 0)
            {
                var part = Copy(ring, bound, next, into);
                Volatile.ReadBarrier();
                if (ring->Sequence == sequence) return part;
            }
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Dispose()
    {
        for (long person = 0; person < _rings.End; person++)
        {
            var ring = (Ring*)_rings.Find((uint)person);
            if (ring == null) person += PersonTable.SegmentPeople - 1;
            else if (ring->Block != 0) _slab.Return(ring->Block, ring->Class);
        }
        _rings.Dispose();
    }

    private RingPart Copy(Ring* ring, uint bound, uint? next, Span<uint> into)
    {
        var (block, written, count, mask) = (ring->Block, ring->Written, (uint)ring->Count, MaskOf(ring->Class));
        var left = written - count;
        var at = next ?? written;
        // Overwritten since it was last looked at: what is gone is older than what was read, and the record has it.
        if ((int)(at - left) < 0 || block == 0) at = left;
        var entries = Entries(block);
        while (next is null && at != left && (int)(entries[(at - 1) & mask] - bound) > 0)
            at--;
        var copied = 0;
        while (copied < into.Length && at != left)
            into[copied++] = entries[--at & mask];
        return new RingPart(copied, at, at != left, ring->HasOlder != 0, ring->Dropped);
    }

    /// <summary>Grows the ring's block, or drops its oldest entry where it is full or there is no memory to grow into.</summary>
    private void MakeRoom(Ring* ring, out uint block, out byte sizeClass)
    {
        (block, sizeClass) = (ring->Block, ring->Class);
        if (block != 0 && ring->Count < Math.Min(RingEntriesMax, (int)MaskOf(sizeClass) + 1)) return;
        if (block == 0 || (ring->Count < RingEntriesMax && sizeClass < ClassMax))
        {
            var larger = block == 0 ? (byte)0 : (byte)(sizeClass + 1);
            if (_slab.TryRent(larger, out var grown))
            {
                Move(ring, grown, larger);
                (block, sizeClass) = (grown, larger);
                return;
            }
            if (block == 0)
            {
                // Not even one entry: the record answers for this author. Its posts are hot, so it is asked at once.
                Begin(ring);
                (ring->HasOlder, ring->Dropped) = (1, _hot.LastSlot);
                End(ring);
                return;
            }
        }
        Begin(ring);
        ring->Dropped = Entries(block)[(ring->Written - ring->Count) & MaskOf(sizeClass)];
        ring->HasOlder = 1;
        ring->Count--;
        End(ring);
    }

    private void Move(Ring* ring, uint to, byte sizeClass)
    {
        var (from, fromClass) = (ring->Block, ring->Class);
        for (var i = ring->Written - ring->Count; i != ring->Written; i++)
            Entries(to)[i & MaskOf(sizeClass)] = Entries(from)[i & MaskOf(fromClass)];
        Begin(ring);
        (ring->Block, ring->Class) = (to, sizeClass);
        End(ring);
        if (from != 0) _slab.Return(from, fromClass);
        Volatile.Write(ref _bytes, _bytes + Slab.BytesOf(sizeClass) - (from != 0 ? Slab.BytesOf(fromClass) : 0));
    }

    private void TrimNext()
    {
        if (++_turn >= _rings.End) _turn = 0;
        var ring = (Ring*)_rings.Find((uint)_turn);
        if (ring == null)
        {
            _turn += PersonTable.SegmentPeople - 1;
            return;
        }
        if (ring->Count == 0) return;
        var gone = 0;
        while (gone < ring->Count && !_hot.IsLive(Entries(ring->Block)[(uint)(ring->Written - ring->Count + gone) & MaskOf(ring->Class)]))
            gone++;
        if (gone == 0) return;
        var block = ring->Block;
        Begin(ring);
        ring->HasOlder = 1;
        ring->Count -= (byte)gone;
        if (ring->Count == 0) ring->Block = 0;
        End(ring);
        if (ring->Block != 0) return;
        _slab.Return(block, ring->Class);
        Volatile.Write(ref _bytes, _bytes - Slab.BytesOf(ring->Class));
    }

    private uint* Entries(uint block) => (uint*)_slab.At(block);

    private static uint MaskOf(byte sizeClass) => (16u << sizeClass) - 1;

    private static void Begin(Ring* ring)
    {
        ring->Sequence++;
        Volatile.WriteBarrier();
    }

    private static void End(Ring* ring) => Volatile.Write(ref ring->Sequence, ring->Sequence + 1);

    [StructLayout(LayoutKind.Explicit, Size = 32)]
    private struct Ring
    {
        [FieldOffset(0)] public uint Sequence;
        [FieldOffset(4)] public uint Block;
        /// <summary>How many were ever appended: the next ordinal.</summary>
        [FieldOffset(8)] public uint Written;
        /// <summary>The newest slot that left the ring though it may still be hot.</summary>
        [FieldOffset(12)] public uint Dropped;
        [FieldOffset(16)] public byte Count;
        [FieldOffset(17)] public byte Class;
        [FieldOffset(18)] public byte HasOlder;
    }
}

/// <param name="Count">Entries copied.</param>
/// <param name="Next">The ordinal to go on from.</param>
/// <param name="HasMore">The ring has older entries than those copied.</param>
/// <param name="HasOlder">The record has posts that the ring has not.</param>
/// <param name="Dropped">The newest slot that left the ring while it may have been hot; 0 where none did.</param>
internal readonly record struct RingPart(int Count, uint Next, bool HasMore, bool HasOlder, uint Dropped);
