using RocksDbSharp;
using Tidings.Embedded.Record.Rows;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record;

/// <summary>
/// What the decisions of one group have staged so far: the rows to write in one batch, and how far the numbers have come. The tables keep
/// what they staged beside it, so that a later decision of the group sees it. Used by the writer's thread alone.
/// </summary>
internal sealed class Draft(Columns columns) : IDisposable
{
    private readonly List<Event> _events = [];
    private ReachedRow _reached;

    public WriteBatch Batch { get; } = new();

    public Columns Columns { get; } = columns;

    /// <summary>The time of the group.</summary>
    public long NowUnixMs { get; private set; }

    /// <summary>Things staged: a decision that rejects leaves it as it was.</summary>
    public int Staged { get; private set; }

    public ReachedRow Reached => _reached;

    public IReadOnlyList<Event> Events => _events;

    public void Begin(ReachedRow reached, long nowUnixMs)
    {
        Batch.Clear();
        _events.Clear();
        _reached = reached;
        NowUnixMs = nowUnixMs;
        Staged = 0;
    }

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ColumnFamilyHandle column)
    {
        Batch.Put(key, value, column);
        Staged++;
    }

    public void Delete(ReadOnlySpan<byte> key, ColumnFamilyHandle column)
    {
        Batch.Delete(key, column);
        Staged++;
    }

    /// <param name="end">Exclusive.</param>
    public void DeleteRange(byte[] start, byte[] end, ColumnFamilyHandle column)
    {
        Batch.DeleteRange(start, (ulong)start.Length, end, (ulong)end.Length, column);
        Staged++;
    }

    /// <summary>A table has staged something that it will write when the group is sealed.</summary>
    public void Touch() => Staged++;

    public long NextTimeOrderedId()
    {
        _reached = _reached with { TimeOrderedId = TimeOrderedId.Next(_reached.TimeOrderedId, NowUnixMs, shard: 0) };
        Staged++;
        return _reached.TimeOrderedId;
    }

    public UserId NextPerson()
    {
        _reached = _reached with { Person = checked(_reached.Person + 1) };
        Staged++;
        return new UserId(_reached.Person);
    }

    public uint NextAudienceList()
    {
        _reached = _reached with { AudienceList = checked(_reached.AudienceList + 1) };
        Staged++;
        return _reached.AudienceList;
    }

    /// <returns>The event as it will be in the log.</returns>
    public Event Tell(EventKind kind, UserId actor, UserId other, PostId post, long detail)
    {
        var happened = new Event(_reached.Event + 1, kind, actor, other, post, detail, NowUnixMs);
        _reached = _reached with { Event = happened.Position };
        _events.Add(happened);
        Span<byte> key = stackalloc byte[EventRow.KeyBytes];
        Span<byte> value = stackalloc byte[EventRow.Bytes];
        Put(EventRow.Key(key, happened.Position), EventRow.Write(value, happened), Columns.Events);
        return happened;
    }

    /// <summary>A post that was made elsewhere, later than all others: the numbers go on after it.</summary>
    public void Reach(PostId post)
    {
        _reached = _reached with { TimeOrderedId = Math.Max(_reached.TimeOrderedId, post.Value) };
        Staged++;
    }

    public void Seal()
    {
        Span<byte> value = stackalloc byte[ReachedRow.Bytes];
        Batch.Put(ReachedRow.Key, _reached.Write(value), Columns.Meta);
    }

    public void Dispose() => Batch.Dispose();
}
