using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// credentials: sessions and keys by the hash of their token, and the sessions of each person; those of person 0 are the keys.
/// <code>
/// key    1 (1) │ SHA-256 of the token (32)
/// value  version (1, = 1) │ kind (1) │ person (4) │ expires, Unix ms (8) │ name (text)
///
/// key    2 (1) │ person (4) │ SHA-256 of the token (32)
/// value  version (1, = 1)
/// </code>
/// </summary>
internal static class CredentialRow
{
    private const byte Version = 1;
    private const byte ByToken = 1, ByPerson = 2;
    public const int KeyBytes = 1 + TokenHash.Bytes;
    public const int PersonKeyBytes = 1 + 4 + TokenHash.Bytes;
    public const int PersonPrefixBytes = 1 + 4;

    public static int BytesMax(Credential credential) => 1 + 1 + 4 + 8 + RowWriter.TextBytesMax(credential.Name);

    public static ReadOnlySpan<byte> AllPrefix => [ByToken];

    public static ReadOnlySpan<byte> Present => [Version];

    public static ReadOnlySpan<byte> Key(Span<byte> room, TokenHash token)
    {
        room[0] = ByToken;
        token.CopyTo(room[1..]);
        return room[..KeyBytes];
    }

    public static ReadOnlySpan<byte> PersonKey(Span<byte> room, UserId person, TokenHash token)
    {
        PersonPrefix(room, person);
        token.CopyTo(room[PersonPrefixBytes..]);
        return room[..PersonKeyBytes];
    }

    public static ReadOnlySpan<byte> PersonPrefix(Span<byte> room, UserId person)
    {
        var key = new RowWriter(room);
        key.Byte(ByPerson);
        key.UInt32((uint)person.Value);
        return key.Written;
    }

    public static TokenHash TokenOf(ReadOnlySpan<byte> key) => TokenHash.From(key[^TokenHash.Bytes..]);

    public static ReadOnlySpan<byte> Write(Span<byte> room, Credential credential)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)credential.Kind);
        row.UInt32((uint)credential.Person.Value);
        row.Int64(credential.ExpiresUnixMs);
        row.Text(credential.Name);
        return row.Written;
    }

    public static Credential Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("credentials", value);
        row.Version(Version);
        var kind = (KeyKind)row.Byte();
        var person = new UserId(row.UInt32());
        var expires = row.Int64();
        var name = row.Text();
        row.End();
        return new Credential(kind, person, name, expires);
    }
}
