using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// comments: by post, in the order in which they were made. A deleted comment keeps its row without the text, so that deleting again is known
/// to be a repetition.
/// <code>
/// key    post (8) │ comment (8)
/// value  version (1, = 1) │ flags (1: 1 = deleted) │ author (4) │ text (text)
///
/// key    255 (1) │ author (4) │ bitwise complement of the comment (8)
/// value  version (1, = 1) │ post (8)
/// </code>
/// No post's id begins with 255. The second kind finds what somebody wrote, the newest first; it goes with the text, and may outlive the
/// post.
/// </summary>
internal readonly record struct CommentRow(UserId Author, bool Deleted, string Text)
{
    private const byte Version = 1;
    private const byte DeletedFlag = 1;
    public const int KeyBytes = 8 + 8;
    public const int PostPrefixBytes = 8;

    private const byte ByAuthor = 255;
    public const int AuthorPrefixBytes = 1 + 4;
    public const int PlaceKeyBytes = AuthorPrefixBytes + 8;
    public const int PlaceBytes = 1 + 8;

    public int BytesMax => 1 + 1 + 4 + RowWriter.TextBytesMax(Text);

    public static ReadOnlySpan<byte> Key(Span<byte> room, PostId post, CommentId comment)
    {
        var key = new RowWriter(room);
        key.Int64(post.Value);
        key.Int64(comment.Value);
        return key.Written;
    }

    public static ReadOnlySpan<byte> PlaceKey(Span<byte> room, UserId author, CommentId comment)
    {
        var key = new RowWriter(room);
        key.Byte(ByAuthor);
        key.UInt32((uint)author.Value);
        key.Int64(~comment.Value);
        return key.Written;
    }

    public static CommentId CommentOfPlace(ReadOnlySpan<byte> key) => new(~new RowReader("comments", key[AuthorPrefixBytes..]).Int64());

    public static bool IsPlace(ReadOnlySpan<byte> key) => key[0] == ByAuthor;

    public static ReadOnlySpan<byte> WritePlace(Span<byte> room, PostId post)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Int64(post.Value);
        return row.Written;
    }

    public static PostId ReadPlace(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("comments", value);
        row.Version(Version);
        var post = new PostId(row.Int64());
        row.End();
        return post;
    }

    public static CommentId CommentOf(ReadOnlySpan<byte> key) => new(new RowReader("comments", key[PostPrefixBytes..]).Int64());

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte(Deleted ? DeletedFlag : (byte)0);
        row.UInt32((uint)Author.Value);
        row.Text(Text);
        return row.Written;
    }

    public static CommentRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("comments", value);
        row.Version(Version);
        var flags = row.Byte();
        var author = new UserId(row.UInt32());
        var read = new CommentRow(author, (flags & DeletedFlag) != 0, row.Text());
        row.End();
        return read;
    }
}
