using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// ties: what each person does about others; what others do about the person is derived when the record is loaded.
/// <code>
/// key    person (4) │ list (1, a TieList that goes out)
/// value  version (1, = 1) │ the others (packed ids)
/// </code>
/// </summary>
internal static class TieRow
{
    private const byte Version = 1;
    public const int KeyBytes = 4 + 1;

    public static int BytesMax(int count) => 1 + PackedIds.BytesMax(count);

    public static ReadOnlySpan<byte> Key(Span<byte> room, UserId person, TieList list)
    {
        var key = new RowWriter(room);
        key.UInt32((uint)person.Value);
        key.Byte((byte)list);
        return key.Written;
    }

    public static (UserId Person, TieList List) ReadKey(ReadOnlySpan<byte> key)
    {
        var row = new RowReader("ties", key);
        return (new UserId(row.UInt32()), (TieList)row.Byte());
    }

    public static ReadOnlySpan<byte> Write(Span<byte> room, ReadOnlySpan<uint> sorted)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        PackedIds.Write(ref row, sorted);
        return row.Written;
    }

    /// <param name="room">Replaced where it is too small.</param>
    /// <returns>The others, in the room.</returns>
    public static ReadOnlySpan<uint> Read(ReadOnlySpan<byte> value, ref uint[] room)
    {
        var row = new RowReader("ties", value);
        row.Version(Version);
        var count = PackedIds.Read(ref row, ref room);
        row.End();
        return room.AsSpan(0, count);
    }
}
