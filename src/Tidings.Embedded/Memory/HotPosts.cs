using System.Numerics;
using System.Runtime.CompilerServices;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The headers and counters of the newest posts, outside the managed heap: a ring of <see cref="HotHeader"/> lines in commit order, and an
/// index from id to line that is chained through the lines.
/// 1. A post's slot is its ordinal of commit, modulo 2^32; slot 0 is none and is passed over. Its line is slot mod capacity. Ids and slots
///    rise together, so slots sort as ids do.
/// 2. A slot is live while it is less than capacity behind the newest. Slots are compared by distance, never by size, so wrapping round
///    changes nothing, provided that nobody keeps one for 2^31 posts: <see cref="AuthorTimelines"/> and <see cref="Inboxes"/> trim.
/// 3. A bucket holds the newest slot of its chain, each line the next older one. A chain ends where it reaches a slot that is not live, so
///    writing over the oldest line needs no unlinking.
/// 4. One writer; readers take no lock. A line's id is 0 while it is written over; a reader copies and then looks at the id again. A link
///    is followed only to an older slot, so a chain that is cut under a reader still ends, and what the reader misses by it is older than the cut.
/// 5. Who turns slots into ids mostly asks for the headers of those ids next: each thread remembers its last <see cref="Trail"/>, and what is on it
///    is found without the index.
/// </summary>
internal sealed unsafe class HotPosts : IDisposable
{
    private const int Batch = 64;

    /// <summary>Lines that are on their way while one is looked at. With 16 a ranked page of the engine took 38.0 µs, with 32 36.8, with 80 34.2, with 200
    /// 32.5, with a thousand 33.0.</summary>
    private const int Ahead = 200;

    private readonly Pages _linePages, _bucketPages;
    private readonly HotHeader* _lines;
    private readonly uint* _buckets;
    private readonly uint _lineMask;
    private readonly int _hashShift;
    private uint _last;
    private uint _oldest;
    private int _count;

    /// <param name="capacityPosts">2 to 2^29, rounded up to a power of two. A post takes 72 bytes, from the system only when it comes.</param>
    /// <param name="firstSlot">The first post's slot. Only tests of wrapping round want another than 1.</param>
    public HotPosts(int capacityPosts, uint firstSlot = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityPosts, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityPosts, 1 << 29);
        ArgumentOutOfRangeException.ThrowIfZero(firstSlot);
        var capacity = BitOperations.RoundUpToPowerOf2((uint)capacityPosts);
        // Two buckets for each line: three quarters of the look-ups then need one line and no more.
        _linePages = new Pages(capacity * (long)HotHeader.Bytes);
        _bucketPages = new Pages(capacity * 2L * sizeof(uint));
        _lines = (HotHeader*)_linePages.Start;
        _buckets = (uint*)_bucketPages.Start;
        _lineMask = capacity - 1;
        _hashShift = 64 - BitOperations.Log2(capacity * 2);
        _last = firstSlot - 1;
        _oldest = firstSlot;
    }

    public int Count => Volatile.Read(ref _count);

    public long Capacity => _lineMask + 1L;

    /// <summary>The newest slot that was given out; before the first post a slot just before it.</summary>
    public uint LastSlot => Volatile.Read(ref _last);

    /// <summary>The oldest post that is hot; <see cref="PostId.None"/> where there is none.</summary>
    public PostId Oldest
    {
        get
        {
            while (true)
            {
                var oldest = Volatile.Read(ref _oldest);
                if (TryGetId(oldest, out var id)) return id;
                if (Volatile.Read(ref _count) == 0) return PostId.None;
            }
        }
    }

    /// <summary>Adds the newest post, over the oldest one when full. Writer only.</summary>
    /// <returns>Its slot.</returns>
    /// <exception cref="ArgumentException">The id is not above all that were added before: slots and ids would sort differently.</exception>
    public uint Add(in PostHeader header)
    {
        ref var newest = ref _lines[_last & _lineMask];
        if (_count > 0 && header.Id.Value <= newest.Id)
            throw new ArgumentException($"Post {header.Id} comes after {newest.Id}: hot posts are added in order.", nameof(header));
        var state = HotHeader.Pack(header);
        var slot = _last + 1;
        if (slot == 0) Vacate(slot++);
        ref var line = ref Vacate(slot);
        ref var bucket = ref _buckets[BucketOf(header.Id.Value)];
        line.Slot = slot;
        line.Next = bucket != 0 && slot - bucket <= _lineMask ? bucket : 0;
        line.Author = (uint)header.Author.Value;
        line.State = state;
        line.EditedUnixMs = header.EditedUnixMs;
        (line.Likes, line.Comments, line.Shares) = header.Counts;
        Volatile.Write(ref line.Id, header.Id.Value);
        // The newest slot first: a reader that finds the bucket's new head must not take it for a dead one.
        if (_count == 0) Volatile.Write(ref _oldest, slot);
        Volatile.Write(ref _last, slot);
        Volatile.Write(ref bucket, slot);
        Volatile.Write(ref _count, _count + 1);
        return slot;
    }

    /// <summary>Brings closer what <see cref="Add"/> will look at, a while before it.</summary>
    public void PrepareAdd(PostId id) => Prefetch.Line(_buckets + BucketOf(id.Value));

    /// <summary>Takes the memory of so many posts from the system at once. Elsewhere meanwhile, it spares the writer the wait at each page.</summary>
    public void Populate(long posts)
    {
        _bucketPages.Populate(_bucketPages.Bytes);
        _linePages.Populate(Math.Min(posts, Capacity) * HotHeader.Bytes);
    }

    public bool TryGet(PostId id, out PostHeader header)
    {
        if (Find(id.Value, out _) is var line && line != null)
            return TryCopy(line, id, out header);
        header = default;
        return false;
    }

    public bool TryGetSlot(PostId id, out uint slot) => Find(id.Value, out slot) != null;

    /// <returns>False where the post is no longer hot.</returns>
    public bool TryGetId(uint slot, out PostId id)
    {
        var line = _lines + (slot & _lineMask);
        var value = Volatile.Read(ref line->Id);
        var now = line->Slot;
        Volatile.ReadBarrier();
        var found = value != 0 && now == slot && line->Id == value;
        id = new PostId(found ? value : 0);
        return found;
    }

    /// <summary>Whether the post of this slot is still hot.</summary>
    public bool IsLive(uint slot) => TryGetId(slot, out _);

    /// <summary>Replaces type, audience, version, whether it is deleted, and the time of the edit. Nothing where the post isn't hot. Writer only.</summary>
    public void SetState(in PostHeader header)
    {
        var line = Find(header.Id.Value, out _);
        if (line == null) return;
        Volatile.Write(ref line->EditedUnixMs, header.EditedUnixMs);
        Volatile.Write(ref line->State, HotHeader.Pack(header));
    }

    /// <summary>Nothing where the post isn't hot. Writer only.</summary>
    public void SetCounts(PostId id, Counts counts)
    {
        var line = Find(id.Value, out _);
        if (line == null) return;
        (line->Likes, line->Comments, line->Shares) = counts;
    }

    /// <summary>The headers in the order of the ids; <see cref="PostHeader.Version"/> 0 where the post isn't hot.</summary>
    /// <returns>How many were not hot.</returns>
    public int Get(ReadOnlySpan<PostId> ids, Span<PostHeader> into)
    {
        var misses = 0;
        Span<int> strays = stackalloc int[Batch];
        var trail = Trail.OfThisThread(this);
        var (inboxStep, timelinesStep) = (0, 0);
        for (var from = 0; from < ids.Length; from += Batch)
        {
            var batch = ids.Slice(from, Math.Min(Batch, ids.Length - from));
            var headers = into.Slice(from, batch.Length);
            var astray = GetOnTrail(batch, headers, strays, trail, ref inboxStep, ref timelinesStep);
            if (astray > 0)
                misses += GetStrays(batch, headers, strays[..astray]);
        }
        return misses;
    }

    /// <summary>The slots of those that are hot, in the order of the ids, without gaps.</summary>
    /// <returns>How many.</returns>
    public int Slots(ReadOnlySpan<PostId> ids, Span<uint> into)
    {
        var found = 0;
        Span<uint> heads = stackalloc uint[Batch];
        for (var from = 0; from < ids.Length && found < into.Length; from += Batch)
        {
            var batch = ids.Slice(from, Math.Min(Batch, ids.Length - from));
            FindHeads(batch, heads);
            for (var i = 0; i < batch.Length && found < into.Length; i++)
            {
                if (Walk(heads[i], batch[i].Value, out var slot) != null)
                    into[found++] = slot;
            }
        }
        return found;
    }

    /// <summary>The ids of those that are hot, in the order of the slots, without gaps.</summary>
    /// <returns>How many.</returns>
    public int Ids(ReadOnlySpan<uint> slots, Span<PostId> into)
    {
        var found = 0;
        var trail = Trail.OfThisThread(this).Inbox;
        trail.Begin();
        for (var i = 0; i < Math.Min(Ahead, slots.Length); i++)
            PrefetchLine(slots[i]);
        for (var i = 0; i < slots.Length; i++)
        {
            if (i + Ahead < slots.Length) PrefetchLine(slots[i + Ahead]);
            if (!TryGetId(slots[i], out var id)) continue;
            trail.Add(id.Value, slots[i]);
            into[found++] = id;
        }
        return found;
    }

    /// <summary>The newest slot whose post is older than <paramref name="before"/>; where no such post is hot, a slot that isn't live and is
    /// older than all that are.</summary>
    public uint SlotBefore(PostId before)
    {
        var last = LastSlot;
        // Every slot less than low behind the last has an id of before or above; the one high behind has not.
        uint low = 0, high = last - Volatile.Read(ref _oldest) + 1;
        if (high > _lineMask + 1) high = _lineMask + 1;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            var slot = last - middle;
            if (slot == 0) slot = uint.MaxValue;
            if (TryGetId(slot, out var id) && id.Value >= before.Value) low = middle + 1;
            else high = middle;
        }
        return last - low;
    }

    public void PrefetchLine(uint slot) => Prefetch.Line(_lines + (slot & _lineMask));

    public void Dispose()
    {
        _linePages.Dispose();
        _bucketPages.Dispose();
    }

    /// <summary>Takes the line from the post that has it, and moves the oldest on.</summary>
    private ref HotHeader Vacate(uint slot)
    {
        ref var line = ref _lines[slot & _lineMask];
        if (line.Id == 0) return ref line;
        var next = line.Slot + 1;
        Volatile.Write(ref _oldest, next == 0 ? 1 : next);
        Volatile.Write(ref _count, _count - 1);
        Volatile.Write(ref line.Id, 0);
        Volatile.WriteBarrier();
        return ref line;
    }

    private uint BucketOf(long id) => (uint)((ulong)id * 0x9E37_79B9_7F4A_7C15UL >> _hashShift);

    private HotHeader* Find(long id, out uint slot) => Walk(Volatile.Read(ref _buckets[BucketOf(id)]), id, out slot);

    /// <returns>How many are not on the trail, or no longer hot.</returns>
    private int GetOnTrail(
        ReadOnlySpan<PostId> batch, Span<PostHeader> into, Span<int> strays, Trail trail, ref int inboxStep, ref int timelinesStep)
    {
        var (inbox, timelines) = (trail.Inbox, trail.Timelines);
        var astray = 0;
        for (var i = 0; i < batch.Length; i++)
        {
            var slot = inbox.SlotOf(batch[i].Value, ref inboxStep);
            if (slot == 0) slot = timelines.SlotOf(batch[i].Value, ref timelinesStep);
            if (slot == 0 || !TryCopy(_lines + (slot & _lineMask), batch[i], out into[i]))
                strays[astray++] = i;
        }
        return astray;
    }

    /// <summary>Those that are not on the trail, by the index.</summary>
    /// <returns>How many were not hot.</returns>
    private int GetStrays(ReadOnlySpan<PostId> batch, Span<PostHeader> into, ReadOnlySpan<int> strays)
    {
        var misses = 0;
        Span<PostId> ids = stackalloc PostId[Batch];
        Span<uint> heads = stackalloc uint[Batch];
        for (var i = 0; i < strays.Length; i++)
            ids[i] = batch[strays[i]];
        FindHeads(ids[..strays.Length], heads);
        for (var i = 0; i < strays.Length; i++)
        {
            var line = Walk(heads[i], ids[i].Value, out _);
            if (line != null && TryCopy(line, ids[i], out into[strays[i]])) continue;
            into[strays[i]] = default;
            misses++;
        }
        return misses;
    }

    private void FindHeads(ReadOnlySpan<PostId> batch, Span<uint> heads)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            heads[i] = BucketOf(batch[i].Value);
            Prefetch.Line(_buckets + heads[i]);
        }
        for (var i = 0; i < batch.Length; i++)
        {
            heads[i] = Volatile.Read(ref _buckets[heads[i]]);
            PrefetchLine(heads[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HotHeader* Walk(uint head, long id, out uint slot)
    {
        slot = head;
        var age = Volatile.Read(ref _last) - head;
        while (slot != 0 && age <= _lineMask)
        {
            var line = _lines + (slot & _lineMask);
            var found = Volatile.Read(ref line->Id);
            if (found == id) return id != 0 && line->Slot == slot ? line : null;
            var next = line->Next;
            var back = slot - next;
            if (next == 0 || back == 0 || back > _lineMask) return null;
            age += back;
            slot = next;
        }
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopy(HotHeader* line, PostId id, out PostHeader header)
    {
        if (Volatile.Read(ref line->Id) == id.Value)
        {
            header = HotHeader.Copy(ref *line, id);
            Volatile.ReadBarrier();
            if (line->Id == id.Value) return true;
        }
        header = default;
        return false;
    }
}
