using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// headers: what a feed needs of a post, with the counters: one read for a cold post, one scan at the start. A deleted post keeps its row.
/// <code>
/// key    post (8)
/// value  version (1, = 1) │ author (4) │ type (1) │ audience (1) │ flags (1: 1 = deleted) │ audience list (4) │ post's version (4)
///        │ edited, Unix ms (8) │ likes (4) │ comments (4) │ shares (4)
/// </code>
/// </summary>
internal static class HeaderRow
{
    private const byte Version = 1;
    private const byte DeletedFlag = 1;
    public const int KeyBytes = 8;
    public const int Bytes = 1 + 4 + 1 + 1 + 1 + 4 + 4 + 8 + 4 + 4 + 4;

    public static ReadOnlySpan<byte> Key(Span<byte> room, PostId post)
    {
        var key = new RowWriter(room);
        key.Int64(post.Value);
        return key.Written;
    }

    public static PostId ReadKey(ReadOnlySpan<byte> key) => new(new RowReader("headers", key).Int64());

    public static ReadOnlySpan<byte> Write(Span<byte> room, scoped in PostHeader header)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.UInt32((uint)header.Author.Value);
        row.Byte((byte)header.Type);
        row.Byte((byte)header.Audience);
        row.Byte(header.Deleted ? DeletedFlag : (byte)0);
        row.UInt32(header.List.Value);
        row.UInt32((uint)header.Version);
        row.Int64(header.EditedUnixMs);
        row.UInt32((uint)header.Counts.Likes);
        row.UInt32((uint)header.Counts.Comments);
        row.UInt32((uint)header.Counts.Shares);
        return row.Written;
    }

    public static PostHeader Read(PostId post, ReadOnlySpan<byte> value)
    {
        var row = new RowReader("headers", value);
        row.Version(Version);
        var author = new UserId(row.UInt32());
        var type = (PostType)row.Byte();
        var audience = (Audience)row.Byte();
        var flags = row.Byte();
        var list = new AudienceListId(row.UInt32());
        var version = (int)row.UInt32();
        var edited = row.Int64();
        var counts = new Counts((int)row.UInt32(), (int)row.UInt32(), (int)row.UInt32());
        row.End();
        return new PostHeader(post, author, type, audience, list, (flags & DeletedFlag) != 0, version, edited, counts);
    }
}
