using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// people: a person and the hash of the password.
/// <code>
/// key    person (4)
/// value  version (1, = 1) │ created, Unix ms (8) │ handle (text) │ name (text) │ bio (text) │ password hash (bytes)
/// </code>
/// Of a person who was erased the row is empty: no handle, no time.
/// handles: who holds a handle.
/// <code>
/// key    handle (UTF-8)
/// value  version (1, = 1) │ person (4)
/// </code>
/// </summary>
internal sealed record PersonRow(Person Person, byte[] PasswordHash)
{
    private const byte Version = 1;
    public const int HandleBytes = 1 + 4;

    /// <summary>Somebody was here: nothing of them is left but the id.</summary>
    public bool IsErased => Person.Handle.Length == 0;

    public int BytesMax =>
        1 + 8 + RowWriter.TextBytesMax(Person.Handle) + RowWriter.TextBytesMax(Person.Name) + RowWriter.TextBytesMax(Person.Bio)
        + 5 + PasswordHash.Length;

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Int64(Person.CreatedUnixMs);
        row.Text(Person.Handle);
        row.Text(Person.Name);
        row.Text(Person.Bio);
        row.Bytes(PasswordHash);
        return row.Written;
    }

    public static PersonRow Read(UserId id, ReadOnlySpan<byte> value)
    {
        var row = new RowReader("people", value);
        row.Version(Version);
        var created = row.Int64();
        var person = new Person(id, row.Text(), row.Text(), row.Text(), created);
        var hash = row.Bytes().ToArray();
        row.End();
        return new PersonRow(person, hash);
    }

    public static ReadOnlySpan<byte> WriteHandle(Span<byte> room, UserId person)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.UInt32((uint)person.Value);
        return row.Written;
    }

    public static UserId ReadHandle(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("handles", value);
        row.Version(Version);
        var person = new UserId(row.UInt32());
        row.End();
        return person;
    }
}
