using Tidings.Embedded.Record.Rows;
using Tidings.Engagement;
using Tidings.People;
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
        if (row.Deleted)
        {
            ForgetPlace(draft, row.Author, comment);
            return;
        }
        Span<byte> place = stackalloc byte[CommentRow.PlaceBytes];
        draft.Put(CommentRow.PlaceKey(key, row.Author, comment), CommentRow.WritePlace(place, post), draft.Columns.Comments);
    }

    public static void ForgetPlace(Draft draft, UserId author, CommentId comment)
    {
        Span<byte> key = stackalloc byte[CommentRow.PlaceKeyBytes];
        draft.Delete(CommentRow.PlaceKey(key, author, comment), draft.Columns.Comments);
    }

    /// <summary>Where somebody's comments are, the newest first; the post of some may be gone.</summary>
    public List<(PostId Post, CommentId Comment)> PlacesOf(UserId author, int max, CommentId before = default)
    {
        var places = new List<(PostId, CommentId)>();
        Span<byte> from = stackalloc byte[CommentRow.PlaceKeyBytes];
        CommentRow.PlaceKey(from, author, new CommentId(before.Value == 0 ? long.MaxValue : before.Value - 1));
        var prefix = from[..CommentRow.AuthorPrefixBytes];
        using var rows = database.Scan(database.Columns.Comments);
        for (rows.Seek(from); places.Count < max && rows.IsAt(prefix); rows.Next())
            places.Add((CommentRow.ReadPlace(rows.Value), CommentRow.CommentOfPlace(rows.Key)));
        return places;
    }

    /// <summary>Somebody's comments that are still there, the newest first.</summary>
    public List<Comment> By(UserId author, CommentId before, int max)
    {
        var comments = new List<Comment>();
        Span<byte> key = stackalloc byte[CommentRow.KeyBytes];
        for (var places = PlacesOf(author, max, before); places.Count > 0 && comments.Count < max; places = PlacesOf(author, max, places[^1].Comment))
        {
            foreach (var (post, comment) in places)
            {
                if (database.Get(CommentRow.Key(key, post, comment), database.Columns.Comments) is { } value && comments.Count < max)
                    comments.Add(new Comment(comment, post, author, CommentRow.Read(value).Text));
            }
        }
        return comments;
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
