using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// bodies: what people see of a post. Removed with the post.
/// <code>
/// key    post (8)
/// value  version (1, = 1) │ post's version (4) │ text (text) │ count (VarInt) │ media id (text) │ …
/// </code>
/// </summary>
internal static class BodyRow
{
    private const byte Version = 1;

    public static byte[] Write(PostBody body)
    {
        var bytesMax = 1 + 4 + RowWriter.TextBytesMax(body.Text) + 5;
        foreach (var media in body.MediaIds)
            bytesMax += RowWriter.TextBytesMax(media);
        using var room = new Room(bytesMax);
        var row = new RowWriter(room.Span);
        row.Byte(Version);
        row.UInt32((uint)body.Version);
        row.Text(body.Text);
        row.VarInt((uint)body.MediaIds.Count);
        foreach (var media in body.MediaIds)
            row.Text(media);
        return row.Written.ToArray();
    }

    public static PostBody Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("bodies", value);
        row.Version(Version);
        var postVersion = (int)row.UInt32();
        var text = row.Text();
        var media = new string[Math.Min(row.VarInt(), (uint)row.Left)];
        for (var i = 0; i < media.Length; i++)
            media[i] = row.Text();
        row.End();
        return new PostBody(text, media) { Version = postVersion };
    }
}
