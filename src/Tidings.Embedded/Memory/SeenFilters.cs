using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The <see cref="SeenFilter"/>s of readers who were here today. A filter is a guess from the reports on disk, and like an inbox it is dropped, not
/// mended:
/// 1. It is made at a reader's first question of the day from the reports of the last days, so what it remembers ages by rotation: a day's posts leave
///    it together.
/// 2. Reports that come later are added; one for which there is no room drops it, and the next question makes a larger one.
/// 3. A record is there before the disk is read, and a report looks for it after it is on disk and raises its epoch: so with a full fence
///    between, a filter lacks nothing, or its maker sees that the epoch has changed.
/// Without memory for a filter nothing is kept, and each question reads the disk.
/// </summary>
internal sealed unsafe class SeenFilters(Slab slab) : IDisposable
{
    private readonly PersonTable _filters = new(SeenFilter.Bytes);
    private long _retireFrom;

    /// <returns>False where there is no filter of this day.</returns>
    public bool TryCheck(UserId reader, int day, ReadOnlySpan<PostId> posts, Span<bool> into)
    {
        var filter = (SeenFilter*)_filters.Find((uint)reader.Value);
        if (filter == null || filter->Day != day) return false;
        filter->Enter();
        var made = filter->Day == day;
        if (made) filter->Check(slab, posts, into);
        filter->Leave();
        return made;
    }

    /// <summary>Begins to make a filter: read the reports after this, not before.</summary>
    public long Open(UserId reader)
    {
        var filter = (SeenFilter*)_filters.Ensure((uint)reader.Value);
        filter->Enter();
        var epoch = filter->Epoch;
        filter->Leave();
        Interlocked.MemoryBarrier();
        return epoch;
    }

    /// <returns>False where a report came since <see cref="Open"/>, or there is no memory.</returns>
    public bool Fill(UserId reader, long epoch, int day, ReadOnlySpan<PostId> posts)
    {
        var filter = (SeenFilter*)_filters.Ensure((uint)reader.Value);
        filter->Enter();
        var filled = filter->Epoch == epoch && filter->TryMake(slab, posts.Length, day);
        if (filled) filter->TryAdd(slab, posts);
        filter->Leave();
        return filled;
    }

    /// <summary>A report is on disk.</summary>
    public void Reported(UserId reader, ReadOnlySpan<PostId> posts)
    {
        Interlocked.MemoryBarrier();
        var filter = (SeenFilter*)_filters.Find((uint)reader.Value);
        if (filter == null) return;
        filter->Enter();
        filter->Epoch++;
        if (filter->Day != 0 && !filter->TryAdd(slab, posts)) filter->Drop(slab);
        filter->Leave();
    }

    /// <summary>Gives back the memory of filters of other days, a stretch of people at each call, round and round.</summary>
    public void Retire(int day)
    {
        if (_retireFrom >= _filters.End) _retireFrom = 0;
        for (var person = _retireFrom; person < Math.Min(_filters.End, _retireFrom + PersonTable.SegmentPeople); person++)
        {
            var filter = (SeenFilter*)_filters.Find((uint)person);
            if (filter == null) break;
            if (filter->Day == 0 || filter->Day == day) continue;
            filter->Enter();
            if (filter->Day != day) filter->Drop(slab);
            filter->Leave();
        }
        _retireFrom += PersonTable.SegmentPeople;
    }

    public void Dispose()
    {
        for (long person = 0; person < _filters.End; person++)
        {
            var filter = (SeenFilter*)_filters.Find((uint)person);
            if (filter == null) person += PersonTable.SegmentPeople - 1;
            else filter->Drop(slab);
        }
        _filters.Dispose();
    }
}
