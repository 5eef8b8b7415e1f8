using System.Runtime.InteropServices;
using Tidings.Feeds;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The snapshots of a part of the readers, under one lock. Each is an entry of an array, in two lists: of all by age, and of its reader's, newest
/// first. The ids are in a <see cref="Slab"/> block. Entries are used again, so saving allocates nothing once the array has grown.
/// </summary>
internal sealed unsafe class SnapshotShard(Slab slab, long limitBytes)
{
    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, int> _newestOf = [];
    private Entry[] _entries = new Entry[16];
    private int _used;
    private int _spare = None, _oldest = None, _newest = None;
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public void Save(uint reader, long id, long nowMs, ReadOnlySpan<PostId> order)
    {
        var sizeClass = (byte)Slab.ClassOf(order.Length * sizeof(PostId));
        lock (_lock)
        {
            Expire(nowMs);
            DropFourth(reader);
            if (!TryRent(sizeClass, out var block)) return;
            order.CopyTo(new Span<PostId>(slab.At(block), order.Length));
            var at = NewEntry();
            var olderOfReader = _newestOf.TryGetValue(reader, out var last) ? last : None;
            _entries[at] = new Entry
            {
                Id = id, SavedMs = nowMs, Reader = reader, Block = block, Class = sizeClass, Count = (ushort)order.Length,
                Older = _newest, Newer = None, OlderOfReader = olderOfReader,
            };
            if (_newest == None) _oldest = at;
            else _entries[_newest].Newer = at;
            _newest = at;
            _newestOf[reader] = at;
        }
    }

    /// <returns>How many were written, or −1 where the snapshot is gone.</returns>
    public int Read(uint reader, long id, long nowMs, Span<PostId> into)
    {
        lock (_lock)
        {
            Expire(nowMs);
            var at = Find(reader, id);
            if (at == None) return -1;
            var count = Math.Min((int)_entries[at].Count, into.Length);
            Ids(_entries[at])[..count].CopyTo(into);
            return count;
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">The stretch is not within the snapshot.</exception>
    public void Settle(uint reader, long id, long nowMs, int from, ReadOnlySpan<PostId> order)
    {
        lock (_lock)
        {
            Expire(nowMs);
            var at = Find(reader, id);
            if (at != None) order.CopyTo(Ids(_entries[at]).Slice(from, order.Length));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            while (_oldest != None)
                Remove(_oldest);
        }
    }

    private void Expire(long nowMs)
    {
        while (_oldest != None && _entries[_oldest].SavedMs + (long)ISnapshots.Lifetime.TotalMilliseconds <= nowMs)
            Remove(_oldest);
    }

    private void DropFourth(uint reader)
    {
        if (!_newestOf.TryGetValue(reader, out var at)) return;
        for (var nth = 1; at != None; nth++)
        {
            if (nth == ISnapshots.PerReaderMax)
            {
                Remove(at);
                return;
            }
            at = _entries[at].OlderOfReader;
        }
    }

    /// <summary>Takes a block, and the oldest snapshots' where there is no room. False where even that isn't enough: then there is no snapshot.</summary>
    private bool TryRent(int sizeClass, out uint block)
    {
        block = 0;
        while (_bytes + Slab.BytesOf(sizeClass) > limitBytes || !slab.TryRent(sizeClass, out block))
        {
            if (_oldest == None) return false;
            Remove(_oldest);
        }
        Volatile.Write(ref _bytes, _bytes + Slab.BytesOf(sizeClass));
        return true;
    }

    private int NewEntry()
    {
        if (_spare != None)
        {
            var at = _spare;
            _spare = _entries[at].Newer;
            return at;
        }
        if (_used == _entries.Length) Array.Resize(ref _entries, 2 * _used);
        return _used++;
    }

    private int Find(uint reader, long id)
    {
        var at = _newestOf.TryGetValue(reader, out var newest) ? newest : None;
        while (at != None && _entries[at].Id != id)
            at = _entries[at].OlderOfReader;
        return at;
    }

    private void Remove(int at)
    {
        ref var entry = ref _entries[at];
        if (entry.Older == None) _oldest = entry.Newer;
        else _entries[entry.Older].Newer = entry.Newer;
        if (entry.Newer == None) _newest = entry.Older;
        else _entries[entry.Newer].Older = entry.Older;

        ref var link = ref CollectionsMarshal.GetValueRefOrNullRef(_newestOf, entry.Reader);
        while (link != at)
            link = ref _entries[link].OlderOfReader;
        link = entry.OlderOfReader;
        if (_newestOf[entry.Reader] == None) _newestOf.Remove(entry.Reader);

        slab.Return(entry.Block, entry.Class);
        Volatile.Write(ref _bytes, _bytes - Slab.BytesOf(entry.Class));
        entry.Newer = _spare;
        _spare = at;
    }

    private Span<PostId> Ids(in Entry entry) => new(slab.At(entry.Block), entry.Count);

    private struct Entry
    {
        public long Id, SavedMs;
        public uint Reader, Block;
        /// <summary>In the list of all; <see cref="Newer"/> is the next spare one where the entry is spare.</summary>
        public int Older, Newer;
        public int OlderOfReader;
        public ushort Count;
        public byte Class;
    }
}
