namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// meta, "reached": how far everything that is numbered has come, written with each commit. A start checks the tables against it.
/// <code>
/// key    "reached"
/// value  version (1, = 1) │ newest id of a post or comment (8) │ newest event (8) │ newest person (4) │ newest audience list (4)
/// </code>
/// </summary>
internal readonly record struct ReachedRow(long TimeOrderedId, long Event, uint Person, uint AudienceList)
{
    private const byte Version = 1;
    public const int Bytes = 1 + 8 + 8 + 4 + 4;

    public static ReadOnlySpan<byte> Key => "reached"u8;

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Int64(TimeOrderedId);
        row.Int64(Event);
        row.UInt32(Person);
        row.UInt32(AudienceList);
        return row.Written;
    }

    public static ReachedRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("meta", value);
        row.Version(Version);
        var read = new ReachedRow(row.Int64(), row.Int64(), row.UInt32(), row.UInt32());
        row.End();
        return read;
    }
}
