using System.Numerics;
using System.Runtime.InteropServices;

namespace Tidings.Embedded.Memory;

/// <summary>
/// Blocks of 64 B to 8 KiB outside the managed heap, named by 32-bit handles, 0 being none. A buddy system:
/// 1. Memory comes in regions of 64 MiB, cut into pages of 8 KiB, which are handed out in order, so nothing is touched before it is needed.
/// 2. A block that is missing is cut from the next larger one; the halves left over go into the lists of their sizes.
/// 3. A block that comes back joins with its buddy (the other half of the block it was cut from) while that is free, too. So inboxes that grow
///    from 64 B to 4 KiB one after the other leave no graveyard of small blocks.
/// 4. Regions are never unmapped, so a reader that raced with a return reads old bytes and never faults; it has to find out by itself (see
///    <see cref="AuthorTimelines"/>). The last page of a region is never handed out, for such a reader may run past its block.
/// Thread-safe: one lock, held for some 100 ns; a ring asks six times in its life.
/// <code>
/// handle      31        20 19            0        free block   0        4        8
///            ┌────────────┬───────────────┐                   ┌────────┬────────┬─────
///            │ region (12)│ granule of 64 B│                  │previous│  next  │ …
///            └────────────┴───────────────┘                   └────────┴────────┴─────
/// for each page a tree of 255 bits: node 1 is the page, nodes 2n and 2n + 1 the halves of n; set where exactly that block is free
/// </code>
/// </summary>
internal sealed unsafe class Slab : IDisposable
{
    public const int SizeClasses = 8;
    public const int PageBytes = 8 << 10;

    private const int GranuleShift = 6, PageGranules = PageBytes >> GranuleShift, PageClass = SizeClasses - 1;
    private const int RegionShift = 26, RegionGranuleShift = RegionShift - GranuleShift, RegionPages = 1 << (RegionShift - 13);
    private const int RegionsMax = 1 << (32 - RegionGranuleShift);
    private const int TreeWords = 4;

    private readonly Lock _lock = new();
    private readonly List<Pages> _regions = [];
    private readonly nint* _starts = (nint*)NativeMemory.AllocZeroed(RegionsMax, (nuint)sizeof(nint));
    private readonly nint* _trees = (nint*)NativeMemory.AllocZeroed(RegionsMax, (nuint)sizeof(nint));
    private readonly uint[] _free = new uint[SizeClasses];
    private int _pagesOfLastRegion = RegionPages;
    private long _usedBytes, _reservedBytes;
    private bool _disposed;

    /// <param name="limitBytes">How much may be handed out, 64 KiB to 255 GiB.</param>
    public Slab(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, 64L << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limitBytes, 255L << 30);
        LimitBytes = limitBytes;
    }

    public long LimitBytes { get; }

    /// <summary>In blocks that somebody holds. 0 when all came back.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>In pages that were ever handed out.</summary>
    public long ReservedBytes => Volatile.Read(ref _reservedBytes);

    public static int BytesOf(int sizeClass) => 1 << (GranuleShift + sizeClass);

    /// <summary>The smallest class that holds so many bytes.</summary>
    public static int ClassOf(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, PageBytes);
        return Math.Max(0, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)bytes)) - GranuleShift);
    }

    /// <summary>The block's memory. What is in a new block is undefined.</summary>
    public byte* At(uint block) =>
        (byte*)_starts[block >> RegionGranuleShift] + ((nuint)(block & ((1u << RegionGranuleShift) - 1)) << GranuleShift);

    /// <returns>False where the limit is reached.</returns>
    public bool TryRent(int sizeClass, out uint block)
    {
        lock (_lock)
        {
            var from = sizeClass;
            while (from < SizeClasses && _free[from] == 0)
                from++;
            if (from < SizeClasses)
            {
                block = _free[from];
                Unlink(block, from);
            }
            else if (!TryNewPage(out block))
            {
                return false;
            }
            for (from = Math.Min(from, PageClass); from > sizeClass; from--)
                Link(block + (1u << (from - 1)), from - 1);
            _usedBytes += BytesOf(sizeClass);
            return true;
        }
    }

    /// <exception cref="InvalidOperationException">The block is free already.</exception>
    public void Return(uint block, int sizeClass)
    {
        lock (_lock)
        {
            if (IsFree(block, sizeClass))
                throw new InvalidOperationException($"Block {block:x} of class {sizeClass} was returned twice.");
            _usedBytes -= BytesOf(sizeClass);
            while (sizeClass < PageClass && IsFree(block ^ (1u << sizeClass), sizeClass))
            {
                Unlink(block ^ (1u << sizeClass), sizeClass);
                block &= ~(1u << sizeClass);
                sizeClass++;
            }
            Link(block, sizeClass);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            for (var i = 0; i < _regions.Count; i++)
            {
                NativeMemory.Free((void*)_trees[i]);
                _regions[i].Dispose();
            }
            NativeMemory.Free(_starts);
            NativeMemory.Free(_trees);
        }
    }

    private bool TryNewPage(out uint block)
    {
        block = 0;
        if (_reservedBytes + PageBytes > LimitBytes) return false;
        if (_pagesOfLastRegion >= RegionPages - 1)
        {
            var region = new Pages(1L << RegionShift);
            _trees[_regions.Count] = (nint)NativeMemory.AllocZeroed(RegionPages, TreeWords * sizeof(ulong));
            _starts[_regions.Count] = (nint)region.Start;
            _regions.Add(region);
            // Handle 0 is none, so the first page of all stays unused.
            _pagesOfLastRegion = _regions.Count == 1 ? 1 : 0;
        }
        block = ((uint)(_regions.Count - 1) << RegionGranuleShift) + ((uint)_pagesOfLastRegion * PageGranules);
        _pagesOfLastRegion++;
        _reservedBytes += PageBytes;
        return true;
    }

    private bool IsFree(uint block, int sizeClass) => (TreeWord(block, sizeClass, out var bit) & bit) != 0;

    private void Link(uint block, int sizeClass)
    {
        var links = (uint*)At(block);
        links[0] = 0;
        links[1] = _free[sizeClass];
        if (links[1] != 0) ((uint*)At(links[1]))[0] = block;
        _free[sizeClass] = block;
        TreeWord(block, sizeClass, out var bit) |= bit;
    }

    private void Unlink(uint block, int sizeClass)
    {
        var links = (uint*)At(block);
        if (links[0] != 0) ((uint*)At(links[0]))[1] = links[1];
        else _free[sizeClass] = links[1];
        if (links[1] != 0) ((uint*)At(links[1]))[0] = links[0];
        TreeWord(block, sizeClass, out var bit) &= ~bit;
    }

    private ref ulong TreeWord(uint block, int sizeClass, out ulong bit)
    {
        var page = (block & ((1u << RegionGranuleShift) - 1)) / PageGranules;
        var node = (1u << (PageClass - sizeClass)) + ((block & (PageGranules - 1)) >> sizeClass);
        bit = 1UL << (int)(node & 63);
        return ref ((ulong*)_trees[block >> RegionGranuleShift])[(page * TreeWords) + (node >> 6)];
    }
}
