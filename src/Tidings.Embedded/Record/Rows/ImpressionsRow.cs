using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// impressions: a row for each report of posts that were shown. By day, so that a day expires in one go, then by reader, so that a reader's are found
/// by one look at each day. The event that tells of it has the same position and the same time.
/// <code>
/// key    UTC day since 2006-01-01 (2) │ reader (4) │ position of the event (8)
/// value  version (1, = 1) │ count (1) │ post (8), dwell ms (VarInt) │ …, in the order of the report
/// </code>
/// </summary>
internal static class ImpressionsRow
{
    private const byte Version = 1;
    public const int KeyBytes = 2 + 4 + 8;
    public const int ReaderPrefixBytes = 2 + 4;
    public const int BytesMax = 1 + 1 + ReportImpressions.ItemsMax * (8 + 5);

    public static int DayOf(long unixMs) => (int)((unixMs - TimeOrderedId.EpochUnixMs) / (24 * 60 * 60 * 1_000));

    public static ReadOnlySpan<byte> Key(Span<byte> room, int day, UserId reader, long position)
    {
        var key = new RowWriter(room);
        key.Byte((byte)(day >> 8));
        key.Byte((byte)day);
        key.UInt32((uint)reader.Value);
        key.Int64(position);
        return key.Written;
    }

    public static ReadOnlySpan<byte> Key(Span<byte> room, scoped in Event told) => Key(room, DayOf(told.UnixMs), told.Actor, told.Position);

    public static int DayOfKey(ReadOnlySpan<byte> key) => (key[0] << 8) | key[1];

    public static ReadOnlySpan<byte> Write(Span<byte> room, ReadOnlySpan<Impression> shown)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)shown.Length);
        foreach (var one in shown)
        {
            row.Int64(one.Post.Value);
            row.VarInt(one.DwellMs);
        }
        return row.Written;
    }

    public static Impression[] Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("impressions", value);
        row.Version(Version);
        var shown = new Impression[Math.Min((int)row.Byte(), row.Left)];
        for (var i = 0; i < shown.Length; i++)
            shown[i] = new Impression(new PostId(row.Int64()), row.VarInt());
        row.End();
        return shown;
    }
}
