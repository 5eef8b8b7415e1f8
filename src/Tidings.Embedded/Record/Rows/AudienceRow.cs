using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// audiences: the lists, and which ones a person has.
/// <code>
/// key    1 (1) │ list (4)
/// value  version (1, = 1) │ owner (4) │ name (text) │ members (packed ids)
///
/// key    2 (1) │ owner (4)
/// value  version (1, = 1) │ the owner's lists (packed ids)
/// </code>
/// </summary>
internal sealed record AudienceRow(UserId Owner, string Name, uint[] Members)
{
    private const byte Version = 1;
    private const byte ByList = 1, ByOwner = 2;
    public const int KeyBytes = 1 + 4;

    public static ReadOnlySpan<byte> ListPrefix => [ByList];

    public static AudienceListId ListOf(ReadOnlySpan<byte> key) => new(new RowReader("audiences", key[1..]).UInt32());

    public int BytesMax => 1 + 4 + RowWriter.TextBytesMax(Name) + PackedIds.BytesMax(Members.Length);

    public static ReadOnlySpan<byte> Key(Span<byte> room, AudienceListId list) => Key(room, ByList, list.Value);

    public static ReadOnlySpan<byte> OwnerKey(Span<byte> room, UserId owner) => Key(room, ByOwner, (uint)owner.Value);

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.UInt32((uint)Owner.Value);
        row.Text(Name);
        PackedIds.Write(ref row, Members);
        return row.Written;
    }

    public static AudienceRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("audiences", value);
        row.Version(Version);
        var owner = new UserId(row.UInt32());
        var read = new AudienceRow(owner, row.Text(), PackedIds.Read(ref row));
        row.End();
        return read;
    }

    public static int OwnedBytesMax(int lists) => 1 + PackedIds.BytesMax(lists);

    public static ReadOnlySpan<byte> WriteOwned(Span<byte> room, ReadOnlySpan<uint> lists)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        PackedIds.Write(ref row, lists);
        return row.Written;
    }

    public static uint[] ReadOwned(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("audiences", value);
        row.Version(Version);
        var lists = PackedIds.Read(ref row);
        row.End();
        return lists;
    }

    private static ReadOnlySpan<byte> Key(Span<byte> room, byte kind, uint id)
    {
        var key = new RowWriter(room);
        key.Byte(kind);
        key.UInt32(id);
        return key.Written;
    }
}
