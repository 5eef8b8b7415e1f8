using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// notifications: the groups that a person is told, a row each; how far they read; who was mentioned where; and the last event of all that.
/// The source of an act is written for comments and mentions only: others have none.
/// <code>
/// key    1 (1) │ owner (4) │ serial (8)
/// value  version (1, = 1) │ kind (1) │ post (8) │ id (8) │ Unix ms (8) │ forgotten (VarInt) │ count (1) │ actor (4) [│ source (8)] │ …, newest first
///
/// key    2 (1) │ owner (4)
/// value  version (1, = 1) │ read to (8)
///
/// key    3 (1) │ post (8) │ source (8) │ owner (4)
/// value  version (1, = 1)
///
/// key    4 (1)
/// value  version (1, = 1) │ position (8)
/// </code>
/// </summary>
internal static class NotificationRow
{
    private const byte Version = 1;
    private const byte Groups = 1, ReadTo = 2, Mentioned = 3, Position = 4;
    public const int KeyBytes = 1 + 4 + 8;
    public const int OwnerPrefixBytes = 1 + 4;
    public const int MentionKeyBytes = 1 + 8 + 8 + 4;
    public const int MentionPostPrefixBytes = 1 + 8;
    public const int MentionSourcePrefixBytes = 1 + 8 + 8;
    public const int NumberBytes = 1 + 8;
    public const int BytesMax = 1 + 1 + 8 + 8 + 8 + 5 + 1 + NotificationGroup.ActsMax * (4 + 8);

    public static ReadOnlySpan<byte> PositionKey => [Position];

    public static ReadOnlySpan<byte> Present => [Version];

    public static ReadOnlySpan<byte> Key(Span<byte> room, UserId owner, long serial)
    {
        var key = new RowWriter(room);
        key.Byte(Groups);
        key.UInt32((uint)owner.Value);
        key.Int64(serial);
        return key.Written;
    }

    public static ReadOnlySpan<byte> ReadToKey(Span<byte> room, UserId owner)
    {
        var key = new RowWriter(room);
        key.Byte(ReadTo);
        key.UInt32((uint)owner.Value);
        return key.Written;
    }

    public static ReadOnlySpan<byte> MentionKey(Span<byte> room, PostId post, long source, UserId owner)
    {
        var key = new RowWriter(room);
        key.Byte(Mentioned);
        key.Int64(post.Value);
        key.Int64(source);
        key.UInt32((uint)owner.Value);
        return key.Written;
    }

    public static (long Source, UserId Owner) ReadMentionKey(ReadOnlySpan<byte> key)
    {
        var row = new RowReader("notifications", key[MentionPostPrefixBytes..]);
        return (row.Int64(), new UserId(row.UInt32()));
    }

    public static ReadOnlySpan<byte> WriteNumber(Span<byte> room, long number)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Int64(number);
        return row.Written;
    }

    public static long ReadNumber(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("notifications", value);
        row.Version(Version);
        var number = row.Int64();
        row.End();
        return number;
    }

    public static ReadOnlySpan<byte> Write(Span<byte> room, NotificationGroup group)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)group.Kind);
        row.Int64(group.Post.Value);
        row.Int64(group.Id);
        row.Int64(group.UnixMs);
        row.VarInt((uint)group.Forgotten);
        row.Byte((byte)group.Acts.Count);
        foreach (var act in group.Acts)
        {
            row.UInt32((uint)act.Actor.Value);
            if (HasSource(group.Kind))
                row.Int64(act.Source);
        }
        return row.Written;
    }

    public static NotificationGroup Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var serial = new RowReader("notifications", key[OwnerPrefixBytes..]).Int64();
        var row = new RowReader("notifications", value);
        row.Version(Version);
        var kind = (NotificationKind)row.Byte();
        var (post, id, unixMs, forgotten) = (new PostId(row.Int64()), row.Int64(), row.Int64(), (int)row.VarInt());
        var acts = new NotificationAct[Math.Min((int)row.Byte(), row.Left)];
        for (var i = 0; i < acts.Length; i++)
            acts[i] = new NotificationAct(new UserId(row.UInt32()), HasSource(kind) ? row.Int64() : 0);
        row.End();
        return new NotificationGroup(serial, id, kind, post, unixMs, acts, forgotten);
    }

    private static bool HasSource(NotificationKind kind) => kind is NotificationKind.Comment or NotificationKind.Mention;
}
