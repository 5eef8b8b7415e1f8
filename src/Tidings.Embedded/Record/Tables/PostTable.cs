using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>
/// Headers, bodies and timelines of posts. Memory holds the newest headers and the newest posts of each author; the lately read and the lately
/// published bodies; the disk has all.
/// </summary>
internal sealed class PostTable(Database database, HotPosts hot, AuthorTimelines timelines) : Table, IColdTimelines
{
    private const int BodiesKeptMax = 65_536;

    /// <summary>A longer body is read from disk each time, so that the kept ones stay below some 270 MB.</summary>
    private const int KeptBodyBytesMax = 4_096;

    /// <summary>As stored, which is half the size of what is read from it: most are never read, for a post that is ready to be sent needs no body.</summary>
    private readonly ReadThroughCache<long, byte[]> _bodies = new(BodiesKeptMax, static row => row.Length <= KeptBodyBytesMax);
    private readonly Dictionary<PostId, PostHeader> _staged = [];
    private readonly List<PostId> _stagedNew = [];
    private readonly Dictionary<PostId, byte[]?> _stagedBodies = [];

    public CacheFigures Bodies => _bodies.Figures;

    /// <returns>A header of <see cref="PostHeader.Version"/> 0 where there is no such post.</returns>
    public PostHeader Get(PostId post) => hot.TryGet(post, out var header) ? header : ReadHeader(post);

    public PostHeader Get(Draft _, PostId post) => _staged.TryGetValue(post, out var staged) ? staged : Get(post);

    public void Get(ReadOnlySpan<PostId> posts, Span<PostHeader> into)
    {
        if (hot.Get(posts, into) == 0) return;
        for (var i = 0; i < posts.Length; i++)
        {
            if (into[i].Version == 0)
                into[i] = ReadHeader(posts[i]);
        }
    }

    public PostBody? GetBody(PostId post) => Body(_bodies.Get(post.Value, this, static (id, self) => self.ReadBody(new PostId(id))));

    public PostBody? GetBody(Draft _, PostId post) => _stagedBodies.TryGetValue(post, out var staged) ? Body(staged) : GetBody(post);

    public int Newest(ReadOnlySpan<UserId> authors, PostId before, Span<PostId> into) => timelines.Newest(authors, before, into, this);

    /// <param name="body">As <see cref="BodyRow.Write"/> made it: encoded before the writer's turn.</param>
    public void Add(Draft draft, in PostHeader header, byte[] body)
    {
        _stagedNew.Add(header.Id);
        StoreOnly(draft, header, body);
        _stagedBodies[header.Id] = body;
        Set(draft, header);
    }

    /// <summary>Writes a post's rows and leaves memory as it is: an import.</summary>
    public static void StoreOnly(Draft draft, in PostHeader header, byte[] body)
    {
        Span<byte> key = stackalloc byte[TimelineRow.KeyBytes];
        draft.Put(TimelineRow.Key(key, header.Author, header.Id), TimelineRow.Present, draft.Columns.Timelines);
        PutBody(draft, header.Id, body);
    }

    /// <summary>The header changed: state or counters.</summary>
    public void Set(Draft draft, in PostHeader header)
    {
        _staged[header.Id] = header;
        draft.Touch();
    }

    public void SetBody(Draft draft, PostId post, PostBody body)
    {
        var row = BodyRow.Write(body);
        PutBody(draft, post, row);
        _stagedBodies[post] = row;
    }

    /// <summary>Removes what people saw; the header stays, marked as deleted.</summary>
    public void Delete(Draft draft, in PostHeader header)
    {
        Span<byte> key = stackalloc byte[TimelineRow.KeyBytes];
        draft.Delete(HeaderRow.Key(key, header.Id), draft.Columns.Bodies);
        draft.Delete(TimelineRow.Key(key, header.Author, header.Id), draft.Columns.Timelines);
        _stagedBodies[header.Id] = null;
        Set(draft, header with { Deleted = true });
    }

    public override void Seal(Draft draft)
    {
        foreach (var header in _staged.Values)
            PutHeader(draft, header);
    }

    public static void PutHeader(Draft draft, in PostHeader header)
    {
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        Span<byte> value = stackalloc byte[HeaderRow.Bytes];
        draft.Put(HeaderRow.Key(key, header.Id), HeaderRow.Write(value, header), draft.Columns.Headers);
    }

    public override void Publish(Draft draft)
    {
        foreach (var (post, body) in _stagedBodies)
            _bodies.Committed(post.Value, body);
        foreach (var post in _stagedNew)
        {
            var header = _staged[post];
            timelines.Append(header.Author, hot.Add(header));
            _staged.Remove(post);
        }
        foreach (var header in _staged.Values)
        {
            hot.SetState(header);
            hot.SetCounts(header.Id, header.Counts);
        }
        _staged.Clear();
        _stagedNew.Clear();
        _stagedBodies.Clear();
    }

    public int Older(UserId author, PostId before, Span<PostId> into)
    {
        if (before.Value <= 1) return 0;
        Span<byte> from = stackalloc byte[TimelineRow.KeyBytes];
        TimelineRow.Key(from, author, new PostId(before.Value - 1));
        var prefix = from[..TimelineRow.PrefixBytes];
        var written = 0;
        using var rows = database.Scan(database.Columns.Timelines);
        for (rows.Seek(from); written < into.Length && rows.IsAt(prefix); rows.Next())
            into[written++] = TimelineRow.PostOf(rows.Key);
        return written;
    }

    private static void PutBody(Draft draft, PostId post, byte[] row)
    {
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        draft.Put(HeaderRow.Key(key, post), row, draft.Columns.Bodies);
    }

    private PostHeader ReadHeader(PostId post)
    {
        if (post.Value <= 0) return default;
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        var row = database.Get(HeaderRow.Key(key, post), database.Columns.Headers);
        return row is null ? default : HeaderRow.Read(post, row);
    }

    private byte[]? ReadBody(PostId post)
    {
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        return database.Get(HeaderRow.Key(key, post), database.Columns.Bodies);
    }

    private static PostBody? Body(byte[]? row) => row is null ? null : BodyRow.Read(row);
}
