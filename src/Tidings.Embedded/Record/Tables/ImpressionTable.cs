using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Reports of posts that were shown: the disk has them all, memory a <see cref="SeenFilter"/> for each reader who asked today.</summary>
internal sealed class ImpressionTable(Database database, SeenFilters filters) : Table
{
    /// <summary>Reports that came while the disk was read make it read anew; then an answer leaves that lacks the newest.</summary>
    private const int ReadTriesMax = 4;

    private readonly List<(UserId Reader, PostId[] Posts)> _staged = [];

    public void Seen(UserId reader, long nowUnixMs, ReadOnlySpan<PostId> posts, Span<bool> into)
    {
        var day = ImpressionsRow.DayOf(nowUnixMs);
        if (!filters.TryCheck(reader, day, posts, into))
            ReadAndCheck(reader, day, posts, into);
    }

    public Impression[] Report(in Event told)
    {
        Span<byte> key = stackalloc byte[ImpressionsRow.KeyBytes];
        var row = database.Get(ImpressionsRow.Key(key, told), database.Columns.Impressions);
        return row is null ? [] : ImpressionsRow.Read(row);
    }

    public void Add(Draft draft, in Event told, ReadOnlySpan<Impression> shown)
    {
        Span<byte> key = stackalloc byte[ImpressionsRow.KeyBytes];
        using var room = new Room(ImpressionsRow.BytesMax);
        draft.Put(ImpressionsRow.Key(key, told), ImpressionsRow.Write(room.Span, shown), draft.Columns.Impressions);
        var posts = new PostId[shown.Length];
        for (var i = 0; i < posts.Length; i++)
            posts[i] = shown[i].Post;
        _staged.Add((told.Actor, posts));
    }

    /// <summary>The days on which a reader reported something.</summary>
    public List<int> DaysOf(UserId reader)
    {
        var days = new List<int>();
        Span<byte> from = stackalloc byte[ImpressionsRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Impressions);
        rows.SeekToLast();
        if (!rows.Valid) return days;
        var last = ImpressionsRow.DayOfKey(rows.Key);
        rows.SeekToFirst();
        for (var day = ImpressionsRow.DayOfKey(rows.Key); day <= last; day++)
        {
            rows.Seek(ImpressionsRow.Key(from, day, reader, 0));
            if (rows.IsAt(from[..ImpressionsRow.ReaderPrefixBytes])) days.Add(day);
        }
        return days;
    }

    public static void Forget(Draft draft, UserId reader, int day)
    {
        var (start, end) = (new byte[ImpressionsRow.KeyBytes], new byte[ImpressionsRow.KeyBytes]);
        ImpressionsRow.Key(start, day, reader, 0);
        ImpressionsRow.Key(end, day, reader, long.MaxValue);
        draft.DeleteRange(start, end, draft.Columns.Impressions);
    }

    public override void Publish(Draft draft)
    {
        foreach (var (reader, posts) in _staged)
            filters.Reported(reader, posts);
        _staged.Clear();
    }

    private void ReadAndCheck(UserId reader, int day, ReadOnlySpan<PostId> posts, Span<bool> into)
    {
        HashSet<PostId> seen = [];
        for (var tries = 0; tries < ReadTriesMax; tries++)
        {
            var epoch = filters.Open(reader);
            seen = Read(reader, day);
            if (filters.Fill(reader, epoch, day, seen.ToArray())) break;
        }
        for (var i = 0; i < posts.Length; i++)
            into[i] = seen.Contains(posts[i]);
    }

    /// <summary>The posts that were reported, day by day back, as many as the largest filter has room for.</summary>
    private HashSet<PostId> Read(UserId reader, int today)
    {
        var seen = new HashSet<PostId>();
        Span<byte> last = stackalloc byte[ImpressionsRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Impressions);
        for (var day = today; day >= Math.Max(0, today - ISeenPosts.DaysBefore); day--)
        {
            ImpressionsRow.Key(last, day, reader, long.MaxValue);
            for (rows.SeekBack(last); rows.IsAt(last[..ImpressionsRow.ReaderPrefixBytes]); rows.Previous())
            {
                if (seen.Count >= ISeenPosts.PostsMin) return seen;
                foreach (var one in ImpressionsRow.Read(rows.Value))
                    seen.Add(one.Post);
            }
        }
        return seen;
    }
}
