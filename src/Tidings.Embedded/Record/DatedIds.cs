using Tidings.Embedded.Record.Rows;
using Tidings.Posts;

namespace Tidings.Embedded.Record;

/// <summary>
/// Ids of posts that were made elsewhere at their own times, in any order: the next one that is free in the post's millisecond, or in one of the
/// milliseconds after it. A time before 2006 counts as the first millisecond, a time to come as now.
/// </summary>
internal sealed class DatedIds(Database database, Draft draft)
{
    /// <summary>The newest id that this batch gave in each millisecond.</summary>
    private readonly Dictionary<long, long> _given = [];

    public PostId Next(long createdUnixMs)
    {
        for (var unixMs = Math.Max(createdUnixMs, TimeOrderedId.EpochUnixMs + 1); unixMs < draft.NowUnixMs; unixMs++)
        {
            var next = TimeOrderedId.Next(Newest(unixMs), unixMs, shard: 0);
            if (next >= TimeOrderedId.FirstAt(unixMs + 1)) continue;
            _given[unixMs] = next;
            draft.Reach(new PostId(next));
            return new PostId(next);
        }
        return new PostId(draft.NextTimeOrderedId());
    }

    private long Newest(long unixMs)
    {
        if (_given.TryGetValue(unixMs, out var given)) return given;
        if (TimeOrderedId.FirstAt(unixMs) > draft.Reached.TimeOrderedId) return 0;
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Headers);
        rows.SeekBack(HeaderRow.Key(key, new PostId(TimeOrderedId.FirstAt(unixMs + 1) - 1)));
        return rows.Valid ? HeaderRow.ReadKey(rows.Key).Value : 0;
    }
}
