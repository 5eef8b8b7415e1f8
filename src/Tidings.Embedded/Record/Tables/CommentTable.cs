using Tidings.Embedded.Record.Rows;
using Tidings.Engagement;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Comments, on disk alone: whoever reads them reads a page.</summary>
internal sealed class CommentTable(Database database) : Table
{
    private readonly Dictionary<(PostId Post, CommentId Comment), CommentRow> _staged = [];

    public CommentRow? Get(Draft draft, PostId post, CommentId comment)
    {
        if (_staged.TryGetValue((post, comment), out var staged)) return staged;
        Span<byte> key = stackalloc byte[CommentRow.KeyBytes];
        var row = database.Get(CommentRow.Key(key, post, comment), draft.Columns.Comments);
        return row is null ? null : CommentRow.Read(row);
    }

    public void Set(Draft draft, PostId post, CommentId comment, CommentRow row)
    {
        Span<byte> key = stackalloc byte[CommentRow.KeyBytes];
        using var room = new Room(row.BytesMax);
        draft.Put(CommentRow.Key(key, post, comment), row.Write(room.Span), draft.Columns.Comments);
        _staged[(post, comment)] = row;
    }

    /// <summary>All comments of a post that was deleted.</summary>
    public static void DeleteAll(Draft draft, PostId post)
    {
        var (start, end) = (new byte[CommentRow.KeyBytes], new byte[CommentRow.KeyBytes]);
        CommentRow.Key(start, post, default);
        CommentRow.Key(end, new PostId(post.Value + 1), default);
        draft.DeleteRange(start, end, draft.Columns.Comments);
    }

    public List<Comment> Page(PostId post, CommentId after, int max)
    {
        var page = new List<Comment>(Math.Min(max, 128));
        if (after.Value == long.MaxValue) return page;
        Span<byte> from = stackalloc byte[CommentRow.KeyBytes];
        CommentRow.Key(from, post, new CommentId(after.Value + 1));
        var prefix = from[..CommentRow.PostPrefixBytes];
        using var rows = database.Scan(database.Columns.Comments);
        for (rows.Seek(from); page.Count < max && rows.IsAt(prefix); rows.Next())
        {
            var row = CommentRow.Read(rows.Value);
            if (!row.Deleted) page.Add(new Comment(CommentRow.CommentOf(rows.Key), post, row.Author, row.Text));
        }
        return page;
    }

    public override void Publish(Draft draft) => _staged.Clear();
}
