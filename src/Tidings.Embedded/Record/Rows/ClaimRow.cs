using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>What an idempotency key made. The numbers are part of the stored format.</summary>
internal enum ClaimKind : byte { Post = 1, Comment = 2 }

/// <summary>
/// idempotency: which key made what, remembered for <see cref="IdempotencyClaim.Lifetime"/>.
/// <code>
/// key    person (4) │ key (UTF-8)
/// value  version (1, = 1) │ kind (1) │ id of what was made (8) │ made, Unix ms (8) │ fingerprint (bytes)
/// </code>
/// </summary>
internal sealed record ClaimRow(ClaimKind Kind, long Id, long MadeUnixMs, byte[] Fingerprint)
{
    private const byte Version = 1;
    public const int PersonPrefixBytes = 4;
    public const int KeyBytesMax = 4 + 3 * IdempotencyClaim.KeyCharsMax;

    public int BytesMax => 1 + 1 + 8 + 8 + 5 + Fingerprint.Length;

    public bool IsExpired(long nowUnixMs) => nowUnixMs - MadeUnixMs >= (long)IdempotencyClaim.Lifetime.TotalMilliseconds;

    public static ReadOnlySpan<byte> Key(Span<byte> room, UserId person, string key)
    {
        var written = new RowWriter(room);
        written.UInt32((uint)person.Value);
        var bytes = System.Text.Encoding.UTF8.GetBytes(key, room[written.Length..]);
        return room[..(written.Length + bytes)];
    }

    public static ReadOnlySpan<byte> PersonPrefix(Span<byte> room, UserId person)
    {
        var written = new RowWriter(room);
        written.UInt32((uint)person.Value);
        return written.Written;
    }

    public static (UserId Person, string Key) ReadKey(ReadOnlySpan<byte> key)
    {
        var row = new RowReader("idempotency", key);
        return (new UserId(row.UInt32()), System.Text.Encoding.UTF8.GetString(row.Rest()));
    }

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)Kind);
        row.Int64(Id);
        row.Int64(MadeUnixMs);
        row.Bytes(Fingerprint);
        return row.Written;
    }

    public static ClaimRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("idempotency", value);
        row.Version(Version);
        var read = new ClaimRow((ClaimKind)row.Byte(), row.Int64(), row.Int64(), row.Bytes().ToArray());
        row.End();
        return read;
    }
}
