using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// marks: who marked a post, and what a person marked, the newest post first.
/// <code>
/// key    1 (1) │ mark (1) │ post (8) │ person (4)
/// value  version (1, = 1)
///
/// key    2 (1) │ mark (1) │ person (4) │ bitwise complement of the post (8)
/// value  version (1, = 1)
/// </code>
/// </summary>
internal static class MarkRow
{
    private const byte Version = 1;
    private const byte ByPost = 1, ByPerson = 2;
    public const int KeyBytes = 1 + 1 + 8 + 4;
    public const int PostPrefixBytes = 1 + 1 + 8;
    public const int PersonPrefixBytes = 1 + 1 + 4;

    public static ReadOnlySpan<byte> Present => [Version];

    public static ReadOnlySpan<byte> PostKey(Span<byte> room, Mark mark, PostId post, uint person)
    {
        var key = new RowWriter(room);
        key.Byte(ByPost);
        key.Byte((byte)mark);
        key.Int64(post.Value);
        key.UInt32(person);
        return key.Written;
    }

    public static ReadOnlySpan<byte> PersonKey(Span<byte> room, Mark mark, UserId person, PostId post)
    {
        var key = new RowWriter(room);
        key.Byte(ByPerson);
        key.Byte((byte)mark);
        key.UInt32((uint)person.Value);
        key.Int64(~post.Value);
        return key.Written;
    }

    public static UserId PersonOfPostKey(ReadOnlySpan<byte> key) => new(new RowReader("marks", key[PostPrefixBytes..]).UInt32());

    public static PostId PostOfPersonKey(ReadOnlySpan<byte> key) => new(~new RowReader("marks", key[PersonPrefixBytes..]).Int64());
}
