using System.Buffers;
using System.Runtime.CompilerServices;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The newest posts of many authors together: a heap over their rings. Every way out of the rings is exact:
/// 1. The present is fixed first: the newest slot that was in its author's ring when the merge began. What is appended meanwhile is left out,
///    of all authors alike.
/// 2. While hot posts are left, the heap orders slots by their distance from that bound. A source is read 16 entries at a time.
/// 3. An author whose ring has ended but who has older posts goes on in the record: at once where those may still be hot (the ring keeps 100,
///    the hot posts may hold more), later where they are older than all that is hot.
/// 4. When no hot post is left, the heap starts anew with the ids of those who wait. Nobody is asked for cold posts that aren't needed.
/// Working memory is pooled.
/// </summary>
internal ref struct TimelineMerge
{
    private const int ChunkEntries = 16, AuthorsAtOnce = 32;

    private readonly AuthorTimelines _timelines;
    private readonly HotPosts _hot;
    private readonly IColdTimelines _cold;
    private readonly Span<PostId> _into;
    private readonly Span<Source> _sources;
    private readonly uint _present, _bound;
    private readonly bool _isFixed;
    private PostId _ceiling;
    private MergeHeap _heap;
    private PostId[]? _coldIds;
    private int _coldChunks;
    private int _count;

    private TimelineMerge(
        AuthorTimelines timelines, HotPosts hot, IColdTimelines cold, Span<PostId> into, Span<Source> sources, Span<MergeHeap.Entry> entries,
        PostId before)
    {
        (_timelines, _hot, _cold) = (timelines, hot, cold);
        _into = into;
        _sources = sources;
        _heap = new MergeHeap(entries);
        _present = timelines.Published;
        var older = before == PostId.Last ? _present : hot.SlotBefore(before);
        _bound = (int)(older - _present) < 0 ? older : _present;
        _isFixed = hot.TryGetId(_present, out var newest);
        _ceiling = _isFixed && newest.Value < before.Value ? new PostId(newest.Value + 1) : before;
    }

    public static int Newest(
        AuthorTimelines timelines, HotPosts hot, ReadOnlySpan<UserId> authors, PostId before, Span<PostId> into, IColdTimelines cold)
    {
        if (authors.Length == 0 || into.Length == 0) return 0;
        var sources = ArrayPool<Source>.Shared.Rent(authors.Length);
        var entries = ArrayPool<MergeHeap.Entry>.Shared.Rent(authors.Length);
        var merge = new TimelineMerge(timelines, hot, cold, into, sources.AsSpan(0, authors.Length), entries, before);
        merge.Open(authors);
        merge.TakeHot();
        merge.TakeCold();
        if (merge._coldIds is { } ids) ArrayPool<PostId>.Shared.Return(ids);
        ArrayPool<MergeHeap.Entry>.Shared.Return(entries);
        ArrayPool<Source>.Shared.Return(sources);
        // Where the present has no post (nothing was hot yet, or memory has turned over at the first step), the record had no bound.
        return merge._isFixed || merge._present == timelines.Published
            ? merge._count
            : Newest(timelines, hot, authors, before, into, cold);
    }

    private void Open(ReadOnlySpan<UserId> authors)
    {
        for (var i = 0; i < authors.Length; i++)
        {
            if (i % AuthorsAtOnce == 0)
                _timelines.Prepare(authors.Slice(i, Math.Min(AuthorsAtOnce, authors.Length - i)));
            ref var source = ref _sources[i];
            source.Author = authors[i];
            source.ColdChunk = -1;
            source.State = SourceState.Done;
            if (ReadRing(ref source, null)) _heap.Append(AgeOf(source.Slots[0]), i);
        }
        _heap.Order();
    }

    /// <summary>Takes hot posts, newest first, until there is no room or every source is done or waits for the cold ones.</summary>
    private void TakeHot()
    {
        var trail = Trail.OfThisThread(_hot).Timelines;
        trail.Begin();
        while (_heap.Count > 0 && _count < _into.Length)
        {
            var top = _heap.Top;
            ref var source = ref _sources[top.Source];
            if (_hot.TryGetId(_bound - (uint)top.Key, out var id))
            {
                if (Put(id)) trail.Add(id.Value, _bound - (uint)top.Key);
                if (Advance(ref source, out var slot))
                {
                    _hot.PrefetchLine(slot);
                    _heap.ReplaceTop(AgeOf(slot), top.Source);
                    continue;
                }
            }
            else
            {
                // Written over since it was read: whatever this source still has is older than all that is hot.
                source.State = SourceState.Waits;
            }
            _heap.RemoveTop();
        }
    }

    private void TakeCold()
    {
        if (_count == _into.Length) return;
        for (var i = 0; i < _sources.Length; i++)
        {
            if (_sources[i].State == SourceState.Waits && PeekCold(ref _sources[i], out var id))
                _heap.Append(ulong.MaxValue - (ulong)id.Value, i);
        }
        _heap.Order();
        while (_heap.Count > 0 && _count < _into.Length)
        {
            var top = _heap.Top;
            ref var source = ref _sources[top.Source];
            Put(new PostId((long)(ulong.MaxValue - top.Key)));
            source.Position++;
            if (PeekCold(ref source, out var next)) _heap.ReplaceTop(ulong.MaxValue - (ulong)next.Value, top.Source);
            else _heap.RemoveTop();
        }
    }

    /// <summary>An author may have been named twice: the same post then comes twice in a row.</summary>
    private bool Put(PostId id)
    {
        var isNew = _count == 0 || _into[_count - 1] != id;
        if (isNew) _into[_count++] = id;
        _ceiling = id;
        return isNew;
    }

    /// <returns>False where the source has no further hot post: it is done, or waits.</returns>
    private bool Advance(ref Source source, out uint slot)
    {
        source.Position++;
        if (source.ColdChunk >= 0) return HotOfCold(ref source, out slot);
        if (source.Position < source.Length || (source.HasMore && ReadRing(ref source, source.Next)))
        {
            slot = source.Slots[source.Position];
            return true;
        }
        slot = 0;
        // After the ring itself: the record goes on, and may do so among the hot.
        return source.State == SourceState.Waits && source.OlderMayBeHot && HotOfCold(ref source, out slot);
    }

    private bool ReadRing(ref Source source, uint? next)
    {
        Span<uint> slots = source.Slots;
        var part = _timelines.Read(source.Author, _bound, next, slots);
        (source.Position, source.Length, source.Next, source.HasMore) = (0, (byte)part.Count, part.Next, part.HasMore);
        source.State = part.HasOlder ? SourceState.Waits : SourceState.Done;
        source.OlderMayBeHot = part.HasOlder && part.Dropped != 0 && _hot.IsLive(part.Dropped);
        if (part.Count > 0)
        {
            // Of one author, as are mostly those who read their own posts, all come next; of many the first alone is sure to.
            foreach (var slot in slots[..(_sources.Length == 1 ? part.Count : 1)])
                _hot.PrefetchLine(slot);
            return true;
        }
        if (!source.OlderMayBeHot || !HotOfCold(ref source, out var older)) return false;
        slots[0] = older;
        return true;
    }

    /// <summary>The slot of the next post that the record has, where that is hot; else the source waits with it.</summary>
    private bool HotOfCold(ref Source source, out uint slot)
    {
        slot = 0;
        if (!PeekCold(ref source, out var id))
        {
            source.State = SourceState.Done;
            return false;
        }
        source.State = SourceState.Waits;
        return _hot.TryGetSlot(id, out slot);
    }

    /// <summary>The next post that the record has of this source, older than all that was taken; it stays the next until the position moves.</summary>
    private bool PeekCold(ref Source source, out PostId id)
    {
        id = default;
        if (source.ColdChunk >= 0 && source.Position == source.Length && !source.HasMore) return false;
        if (source.ColdChunk < 0 || source.Position == source.Length)
        {
            if (source.ColdChunk < 0) source.ColdChunk = _coldChunks++;
            var chunk = ColdChunk(source.ColdChunk);
            source.Length = (byte)_cold.Older(source.Author, _ceiling, chunk);
            source.Position = 0;
            source.HasMore = source.Length == ChunkEntries;
            if (source.Length == 0) return false;
        }
        id = ColdChunk(source.ColdChunk)[source.Position];
        return true;
    }

    private Span<PostId> ColdChunk(int chunk)
    {
        var end = (chunk + 1) * ChunkEntries;
        if (_coldIds is null || _coldIds.Length < end)
        {
            var larger = ArrayPool<PostId>.Shared.Rent(Math.Max(end, 2 * (_coldIds?.Length ?? 0)));
            if (_coldIds is { } old)
            {
                old.CopyTo(larger, 0);
                ArrayPool<PostId>.Shared.Return(old);
            }
            _coldIds = larger;
        }
        return _coldIds.AsSpan(chunk * ChunkEntries, ChunkEntries);
    }

    private readonly uint AgeOf(uint slot) => _bound - slot;

    private enum SourceState : byte { Done, Waits }

    private struct Source
    {
        public UserId Author;
        public uint Next;
        public int ColdChunk;
        public byte Position, Length;
        public bool HasMore, OlderMayBeHot;
        public SourceState State;
        public Chunk Slots;
    }

    [InlineArray(ChunkEntries)]
    private struct Chunk
    {
        private uint _first;
    }
}
