using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// meta, "cold-authors": who has posts older than a post, so that a start doesn't have to read all old headers to know. Written at each start,
/// removed by an import, which may add old posts.
/// <code>
/// key    "cold-authors"
/// value  version (1, = 1) │ the post (8) │ a bit for each person from 0 on, low bit first
/// </code>
/// </summary>
internal sealed class ColdAuthorsRow(PostId before, byte[] bits)
{
    private const byte Version = 1;

    public static ReadOnlySpan<byte> Key => "cold-authors"u8;

    /// <summary>Every author of a post older than this is in the set.</summary>
    public PostId Before { get; } = before;

    public static ColdAuthorsRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("meta", value);
        row.Version(Version);
        return new ColdAuthorsRow(new PostId(row.Int64()), row.Rest().ToArray());
    }

    public byte[] Write()
    {
        var row = new RowWriter(new byte[1 + 8 + bits.Length]);
        row.Byte(Version);
        row.Int64(Before.Value);
        row.Raw(bits);
        return row.Written.ToArray();
    }

    public bool Contains(UserId author) => author.Value >> 3 < bits.Length && (bits[author.Value >> 3] & (1 << (int)(author.Value & 7))) != 0;

    public void Add(UserId author) => bits[author.Value >> 3] |= (byte)(1 << (int)(author.Value & 7));

    /// <summary>The same set, up to another post and with room for more people.</summary>
    public ColdAuthorsRow UpTo(PostId post, uint people)
    {
        var grown = new byte[Math.Max(bits.Length, (people >> 3) + 1)];
        bits.CopyTo(grown, 0);
        return new ColdAuthorsRow(post, grown);
    }
}
