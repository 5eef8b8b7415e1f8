using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// events: the log. The newest event is never removed.
/// <code>
/// key    position (8)
/// value  version (1, = 1) │ kind (1) │ actor (4) │ other (4) │ post (8) │ detail (8) │ Unix ms (8)
/// </code>
/// </summary>
internal static class EventRow
{
    private const byte Version = 1;
    public const int KeyBytes = 8;
    public const int Bytes = 1 + 1 + 4 + 4 + 8 + 8 + 8;

    public static ReadOnlySpan<byte> Key(Span<byte> room, long position)
    {
        var key = new RowWriter(room);
        key.Int64(position);
        return key.Written;
    }

    public static long ReadKey(ReadOnlySpan<byte> key) => new RowReader("events", key).Int64();

    public static ReadOnlySpan<byte> Write(Span<byte> room, scoped in Event happened)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)happened.Kind);
        row.UInt32((uint)happened.Actor.Value);
        row.UInt32((uint)happened.Other.Value);
        row.Int64(happened.Post.Value);
        row.Int64(happened.Detail);
        row.Int64(happened.UnixMs);
        return row.Written;
    }

    public static Event Read(long position, ReadOnlySpan<byte> value)
    {
        var row = new RowReader("events", value);
        row.Version(Version);
        var read = new Event(
            position, (EventKind)row.Byte(), new UserId(row.UInt32()), new UserId(row.UInt32()), new PostId(row.Int64()), row.Int64(), row.Int64());
        row.End();
        return read;
    }
}
