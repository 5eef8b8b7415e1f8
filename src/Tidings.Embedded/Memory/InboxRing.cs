using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tidings.Feeds;

namespace Tidings.Embedded.Memory;

internal enum InboxState : byte
{
    None = 0,
    /// <summary>Keeps what is delivered, but lacks what was there before: not to be read.</summary>
    Opening = 1,
    Ready = 2,
}

/// <summary>What changes in all inboxes together while some of them are worked on: counted apart, so that workers don't share a counter.</summary>
internal struct InboxTally
{
    public long Open, Entries, Bytes;
}

/// <summary>
/// One reader's inbox: a ring of slots in rising order, the oldest at <see cref="Head"/>, in a <see cref="Slab"/> block of 16 to 1,024 entries
/// that doubles when full. Whoever touches more than the state holds the gate.
/// <code>
///  0      4        8       16      20      22     24      25      26     27     32
/// ┌──────┬────────┬───────┬───────┬───────┬──────┬───────┬───────┬──────┬──────┐
/// │ gate │ newest │ epoch │ block │ count │ head │ class │ state │ lost │ spare│
/// └──────┴────────┴───────┴───────┴───────┴──────┴───────┴───────┴──────┴──────┘
/// block: entries of 4 bytes; the i-th oldest is entry (head + i) mod the block's entries
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
internal unsafe struct InboxRing
{
    public const int Bytes = 32;

    [FieldOffset(0)] private int _gate;
    /// <summary>The newest slot in the ring, so that a delivery mostly decides without a look at the block.</summary>
    [FieldOffset(4)] private uint _newest;
    /// <summary>One more with each drop: makes tickets worthless.</summary>
    [FieldOffset(8)] public long Epoch;
    [FieldOffset(16)] public uint Block;
    [FieldOffset(20)] public ushort Count;
    [FieldOffset(22)] public ushort Head;
    [FieldOffset(24)] public byte Class;
    [FieldOffset(25)] public InboxState State;
    /// <summary>Something that belongs here fell out or never came in; all that is newer than the oldest entry is there.</summary>
    [FieldOffset(26)] public bool Lost;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) != 0) EnterContended();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => Volatile.Write(ref _gate, 0);

    /// <summary>Where the next entry will be written, to be fetched early. A guess, made without the gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint* Tail(Slab slab) => (uint*)slab.At(Block) + ((Head + Count) & MaskOf(Class));

    /// <summary>Puts one slot in its place.</summary>
    /// <returns>Whether it is new here.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Take(uint slot, Slab slab, ref InboxTally tally)
    {
        if (Count > 0 && (int)(slot - _newest) <= 0) return slot != _newest && Insert(slot, slab, ref tally);
        if (!MakeRoom(slab, ref tally)) return false;
        ((uint*)slab.At(Block))[(Head + Count) & MaskOf(Class)] = slot;
        Count++;
        tally.Entries++;
        _newest = slot;
        return true;
    }

    /// <summary>Copies the newest slots, newest first.</summary>
    public readonly int Copy(Slab slab, Span<uint> into)
    {
        var count = Math.Min((int)Count, into.Length);
        if (count == 0) return 0;
        var entries = new ReadOnlySpan<uint>((uint*)slab.At(Block), MaskOf(Class) + 1);
        // The newest stand before the end, what of them the ring's border cuts off at its back.
        var end = (Head + Count) & MaskOf(Class);
        var last = Math.Min(count, end == 0 ? entries.Length : end);
        var first = entries.Slice((end == 0 ? entries.Length : end) - last, last);
        first.CopyTo(into);
        into[..last].Reverse();
        entries[^(count - last)..].CopyTo(into[last..]);
        into[last..count].Reverse();
        return count;
    }

    /// <summary>Replaces all entries.</summary>
    /// <returns>False where there is no memory for them; nothing is changed then.</returns>
    public bool Replace(ReadOnlySpan<uint> newestFirst, Slab slab, ref InboxTally tally)
    {
        var sizeClass = (byte)Slab.ClassOf(newestFirst.Length * sizeof(uint));
        if (newestFirst.Length > 0 && (Block == 0 || Class < sizeClass))
        {
            if (!slab.TryRent(sizeClass, out var block)) return false;
            ReturnBlock(slab, ref tally);
            (Block, Class) = (block, sizeClass);
            tally.Bytes += Slab.BytesOf(sizeClass);
        }
        tally.Entries += newestFirst.Length - Count;
        (Head, Count) = (0, (ushort)newestFirst.Length);
        for (var i = 0; i < newestFirst.Length; i++)
            ((uint*)slab.At(Block))[newestFirst.Length - 1 - i] = newestFirst[i];
        _newest = newestFirst.Length > 0 ? newestFirst[0] : 0;
        return true;
    }

    /// <summary>Drops the oldest entries that are no longer hot.</summary>
    public void Trim(HotPosts hot, Slab slab, ref InboxTally tally)
    {
        while (Count > 0 && !hot.IsLive(((uint*)slab.At(Block))[Head & MaskOf(Class)]))
            DropOldest(ref tally);
        if (Count == 0) ReturnBlock(slab, ref tally);
    }

    /// <summary>Makes the inbox one that isn't there.</summary>
    public void Clear(Slab slab, ref InboxTally tally)
    {
        Epoch++;
        if (State == InboxState.None) return;
        tally.Open--;
        tally.Entries -= Count;
        ReturnBlock(slab, ref tally);
        (Count, Head, State, Lost) = (0, 0, InboxState.None, false);
    }

    private bool Insert(uint slot, Slab slab, ref InboxTally tally)
    {
        var at = PlaceOf(slot, slab);
        if (((uint*)slab.At(Block))[(Head + at) & MaskOf(Class)] == slot) return false;
        if (at == 0 && Count == IInboxes.CapEntries)
        {
            Lost = true;
            return false;
        }
        var before = Count;
        if (!MakeRoom(slab, ref tally)) return false;
        at -= before - Count;
        var entries = (uint*)slab.At(Block);
        var mask = MaskOf(Class);
        for (int i = Count; i > at; i--)
            entries[(Head + i) & mask] = entries[(Head + i - 1) & mask];
        entries[(Head + at) & mask] = slot;
        Count++;
        tally.Entries++;
        return true;
    }

    /// <summary>How many entries are older than the slot.</summary>
    private readonly int PlaceOf(uint slot, Slab slab)
    {
        var entries = (uint*)slab.At(Block);
        var mask = MaskOf(Class);
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if ((int)(entries[(Head + middle) & mask] - slot) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MakeRoom(Slab slab, ref InboxTally tally)
    {
        if (Count == IInboxes.CapEntries) DropOldest(ref tally);
        return (Block != 0 && Count <= MaskOf(Class)) || Grow(slab, ref tally);
    }

    /// <summary>Without memory the inbox goes: one that lacks something in its middle would be worse than none.</summary>
    private bool Grow(Slab slab, ref InboxTally tally)
    {
        var larger = (byte)(Block == 0 ? 0 : Class + 1);
        if (!slab.TryRent(larger, out var grown))
        {
            Clear(slab, ref tally);
            return false;
        }
        for (var i = 0; i < Count; i++)
            ((uint*)slab.At(grown))[i] = ((uint*)slab.At(Block))[(Head + i) & MaskOf(Class)];
        ReturnBlock(slab, ref tally);
        (Block, Class, Head) = (grown, larger, 0);
        tally.Bytes += Slab.BytesOf(larger);
        return true;
    }

    private void DropOldest(ref InboxTally tally)
    {
        Head = (ushort)((Head + 1) & MaskOf(Class));
        Count--;
        tally.Entries--;
        Lost = true;
    }

    private void ReturnBlock(Slab slab, ref InboxTally tally)
    {
        if (Block == 0) return;
        slab.Return(Block, Class);
        tally.Bytes -= Slab.BytesOf(Class);
        (Block, Class) = (0, 0);
    }

    private void EnterContended()
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref _gate) != 0 || Interlocked.CompareExchange(ref _gate, 1, 0) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
    }

    private static int MaskOf(byte sizeClass) => (16 << sizeClass) - 1;
}
