namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// Rising ids as their distances: most people follow people near each other, so an id takes one to three bytes.
/// <code>count (VarInt) │ first id (VarInt) │ distance to the next (VarInt) │ …</code>
/// </summary>
internal static class PackedIds
{
    public static int BytesMax(int count) => 5 * (count + 1);

    public static void Write(ref RowWriter row, ReadOnlySpan<uint> sorted)
    {
        row.VarInt((uint)sorted.Length);
        var last = 0u;
        foreach (var id in sorted)
        {
            row.VarInt(id - last);
            last = id;
        }
    }

    public static uint[] Read(ref RowReader row)
    {
        uint[] ids = [];
        var count = Read(ref row, ref ids);
        return ids.Length == count ? ids : ids[..count];
    }

    /// <param name="room">Replaced where it is too small.</param>
    /// <returns>How many were written.</returns>
    public static int Read(ref RowReader row, ref uint[] room)
    {
        // Each id takes a byte at least: a damaged count can't make this allocate more than the row is long.
        var count = (int)Math.Min(row.VarInt(), (uint)row.Left);
        if (room.Length < count) room = new uint[count];
        var last = 0u;
        for (var i = 0; i < count; i++)
            room[i] = last += row.VarInt();
        return count;
    }
}
