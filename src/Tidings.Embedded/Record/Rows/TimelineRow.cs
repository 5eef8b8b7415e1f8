using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// timelines: the posts of each author, the newest first. A deleted post leaves its timeline.
/// <code>
/// key    author (4) │ bitwise complement of the post (8)
/// value  version (1, = 1)
/// </code>
/// </summary>
internal static class TimelineRow
{
    private const byte Version = 1;
    public const int KeyBytes = 4 + 8;
    public const int PrefixBytes = 4;

    public static ReadOnlySpan<byte> Present => [Version];

    public static ReadOnlySpan<byte> Key(Span<byte> room, UserId author, PostId post)
    {
        var key = new RowWriter(room);
        key.UInt32((uint)author.Value);
        key.Int64(~post.Value);
        return key.Written;
    }

    public static PostId PostOf(ReadOnlySpan<byte> key)
    {
        var row = new RowReader("timelines", key);
        row.UInt32();
        return new PostId(~row.Int64());
    }
}
