using System.Runtime.CompilerServices;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The inboxes of active readers, outside the managed heap: an <see cref="InboxRing"/> for each person, holding slots of <see cref="HotPosts"/>.
/// 1. A delivery that comes in order, as nearly all do, is one comparison and one store; one that comes late is put in its place; one that
///    comes twice changes nothing, whatever came between.
/// 2. Each inbox has a gate of its own, held for some nanoseconds. Deliveries go through the readers in groups of 64: records first, then
///    blocks, then the work, so that the cache misses of a group overlap.
/// 3. An inbox is opened before its sources are read, and a delivery looks for it after its post is in the sources: so with a full fence
///    behind the opening, one of the two has the post.
/// 4. A ring that can't grow for want of memory is dropped; it is rebuilt at the next read, as if the reader had been away.
/// 5. Whoever returns after being dormant loses the inbox, for fan-out has passed it over.
/// Posts that are no longer hot leave the inboxes at the next <see cref="RetireAsync"/>, which has to come at least once in 2^31 posts.
/// </summary>
internal sealed unsafe class Inboxes(HotPosts hot, Slab slab, TimeProvider clock) : IInboxes, IPresence, IDisposable
{
    private const int Group = 64;

    private readonly PersonTable _rings = new(InboxRing.Bytes);
    private readonly LastSeen _seen = new(clock);
    private long _open, _entries, _bytes;

    public long OpenInboxes => Volatile.Read(ref _open);

    public long Entries => Volatile.Read(ref _entries);

    /// <summary>What the rings' blocks take. Besides, everyone in a segment of 65,536 people with an inbox has a record of 36 bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct)
    {
        Seen(reader);
        return new(Copy(reader, into.Span));
    }

    public ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct) =>
        new(_seen.IsDormant(reader) ? InboxRead.Missing : Copy(reader, into.Span));

    public ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct)
    {
        Seen(reader);
        var tally = default(InboxTally);
        var ring = (InboxRing*)_rings.Ensure((uint)reader.Value);
        ring->Enter();
        if (ring->State == InboxState.None)
        {
            ring->State = InboxState.Opening;
            tally.Open++;
        }
        var ticket = new InboxTicket(ring->Epoch);
        ring->Leave();
        Interlocked.MemoryBarrier();
        Add(tally);
        return new(ticket);
    }

    public ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct) =>
        new(Fill(reader, ticket, posts.Span));

    public ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct) =>
        new(hot.TryGetSlot(post, out var slot) ? Deliver(slot, readers.Span) : PassBy(readers.Span));

    public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct)
    {
        foreach (var reader in readers.Span)
            Drop((InboxRing*)_rings.Ensure((uint)reader.Value));
        return default;
    }

    public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct)
    {
        var tally = default(InboxTally);
        var retired = 0;
        for (long person = 0; person < _rings.End; person++)
        {
            if (person % PersonTable.SegmentPeople == 0) ct.ThrowIfCancellationRequested();
            var ring = (InboxRing*)_rings.Find((uint)person);
            if (ring == null) person += PersonTable.SegmentPeople - 1;
            else if (ring->State != InboxState.None && Retire(ring, (uint)person, seenBeforeUnixMs, ref tally)) retired++;
        }
        Add(tally);
        return new(retired);
    }

    public void Seen(UserId reader)
    {
        if (_seen.Touch(reader) != Presence.Dormant) return;
        var ring = Find(reader);
        if (ring != null && ring->State != InboxState.None) Drop(ring);
    }

    public ValueTask ClassifyAsync(ReadOnlyMemory<UserId> readers, Memory<Presence> into, CancellationToken ct)
    {
        _seen.Classify(readers.Span, into.Span);
        return default;
    }

    public ValueTask<int> ListAsync(UserId after, Memory<UserId> into, CancellationToken ct) => new(_seen.List(after, into.Span));

    public void Dispose()
    {
        for (long person = 0; person < _rings.End; person++)
        {
            var ring = (InboxRing*)_rings.Find((uint)person);
            if (ring == null) person += PersonTable.SegmentPeople - 1;
            else if (ring->State != InboxState.None) Drop(ring);
        }
        _rings.Dispose();
        _seen.Dispose();
    }

    [SkipLocalsInit]
    private InboxRead Copy(UserId reader, Span<PostId> into)
    {
        var ring = Find(reader);
        if (ring == null || ring->State != InboxState.Ready) return InboxRead.Missing;
        Span<uint> slots = stackalloc uint[IInboxes.CapEntries];
        ring->Enter();
        var ready = ring->State == InboxState.Ready;
        var copied = ready ? ring->Copy(slab, slots[..Math.Min(into.Length, slots.Length)]) : 0;
        var whole = !ring->Lost && copied == ring->Count;
        ring->Leave();
        if (!ready) return InboxRead.Missing;
        var found = hot.Ids(slots[..copied], into);
        return new InboxRead(found, whole && found == copied);
    }

    private int Deliver(uint slot, ReadOnlySpan<UserId> readers)
    {
        var tally = default(InboxTally);
        var taken = 0;
        var group = stackalloc InboxRing*[Group];
        for (var from = 0; from < readers.Length; from += Group)
        {
            var count = Math.Min(Group, readers.Length - from);
            for (var i = 0; i < count; i++)
            {
                group[i] = Find(readers[from + i]);
                Prefetch.Line(group[i]);
            }
            for (var i = 0; i < count; i++)
            {
                if (group[i] != null && group[i]->Block != 0) Prefetch.Line(group[i]->Tail(slab));
            }
            for (var i = 0; i < count; i++)
            {
                var ring = group[i];
                if (ring == null || ring->State == InboxState.None) continue;
                ring->Enter();
                if (ring->State != InboxState.None && ring->Take(slot, slab, ref tally)) taken++;
                ring->Leave();
            }
        }
        Add(tally);
        return taken;
    }

    /// <summary>A post that is no longer hot has no slot, and is older than every entry: the inboxes lack it, and say so.</summary>
    private int PassBy(ReadOnlySpan<UserId> readers)
    {
        foreach (var reader in readers)
        {
            var ring = Find(reader);
            if (ring == null || ring->State == InboxState.None) continue;
            ring->Enter();
            ring->Lost = ring->State != InboxState.None;
            ring->Leave();
        }
        return 0;
    }

    [SkipLocalsInit]
    private bool Fill(UserId reader, InboxTicket ticket, ReadOnlySpan<PostId> posts)
    {
        var ring = Find(reader);
        if (ring == null) return false;
        Span<uint> slots = stackalloc uint[IInboxes.CapEntries];
        Span<uint> kept = stackalloc uint[IInboxes.CapEntries];
        Span<uint> merged = stackalloc uint[IInboxes.CapEntries];
        var found = hot.Slots(posts[..Math.Min(posts.Length, slots.Length)], slots);
        SortNewestFirst(slots[..found]);

        var tally = default(InboxTally);
        ring->Enter();
        var filled = ring->State != InboxState.None && ring->Epoch == ticket.Epoch;
        if (filled)
        {
            var before = ring->Copy(slab, kept);
            var count = Merge(kept[..before], slots[..found], merged, out var all);
            if (ring->Replace(merged[..count], slab, ref tally))
            {
                ring->State = InboxState.Ready;
                ring->Lost |= !all || found < posts.Length || posts.Length >= IInboxes.CapEntries;
            }
            else
            {
                ring->Clear(slab, ref tally);
                filled = false;
            }
        }
        ring->Leave();
        Add(tally);
        return filled;
    }

    private bool Retire(InboxRing* ring, uint person, long seenBeforeUnixMs, ref InboxTally tally)
    {
        ring->Enter();
        var old = ring->State != InboxState.None && _seen.IsBefore(person, seenBeforeUnixMs);
        if (old) ring->Clear(slab, ref tally);
        else ring->Trim(hot, slab, ref tally);
        ring->Leave();
        return old;
    }

    private void Drop(InboxRing* ring)
    {
        var tally = default(InboxTally);
        ring->Enter();
        ring->Clear(slab, ref tally);
        ring->Leave();
        Add(tally);
    }

    private InboxRing* Find(UserId reader) => (InboxRing*)_rings.Find((uint)reader.Value);

    private void Add(in InboxTally tally)
    {
        if (tally.Open != 0) Interlocked.Add(ref _open, tally.Open);
        if (tally.Entries != 0) Interlocked.Add(ref _entries, tally.Entries);
        if (tally.Bytes != 0) Interlocked.Add(ref _bytes, tally.Bytes);
    }

    private static void SortNewestFirst(Span<uint> slots)
    {
        for (var i = 1; i < slots.Length; i++)
        {
            if ((int)(slots[i - 1] - slots[i]) > 0) continue;
            slots.Sort(static (a, b) => (int)(b - a));
            return;
        }
    }

    /// <param name="all">Whether everything found room.</param>
    private static int Merge(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, Span<uint> into, out bool all)
    {
        var (i, j, count) = (0, 0, 0);
        while (count < into.Length && (i < a.Length || j < b.Length))
        {
            var next = j == b.Length || (i < a.Length && (int)(a[i] - b[j]) >= 0) ? a[i++] : b[j++];
            if (count == 0 || into[count - 1] != next) into[count++] = next;
        }
        all = i == a.Length && j == b.Length;
        return count;
    }
}
