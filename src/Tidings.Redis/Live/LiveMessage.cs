using System.Buffers.Binary;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Redis.Live;

internal enum LiveWord : byte
{
    /// <summary>Nothing happened: tells how far the teller has come.</summary>
    Beat = 1,
    /// <summary>A post was brought to the readers who are named.</summary>
    Delivered = 2,
    /// <summary>Something happened to a post, for all whom it concerns.</summary>
    Relayed = 3,
}

/// <summary>
/// What one process tells all others. Numbers have their highest byte first.
/// <code>
///  0        8        16     17     18         26      34      42     50       58       66
/// ┌────────┬────────┬──────┬──────┬──────────┬───────┬───────┬──────┬────────┬────────┬─────────────
/// │ teller │ number │ word │ kind │ position │ actor │ other │ post │ detail │ unixMs │ readers, 8 each
/// └────────┴────────┴──────┴──────┴──────────┴───────┴───────┴──────┴────────┴────────┴─────────────
/// </code>
/// Each teller numbers what it says on each channel from 1; a beat has the number of what was said last.
/// </summary>
internal sealed record LiveMessage(long Teller, long Number, LiveWord Word, Event Cause, UserId[] Readers)
{
    /// <summary>What happens to an author's posts is told on one channel, so it stays in order.</summary>
    public const int Channels = 16;

    private const int HeadBytes = 66;

    public static int ChannelOf(UserId author) => (int)(author.Value & (Channels - 1));

    public static byte[] Write(long teller, long number, LiveWord word, in Event cause, ReadOnlySpan<UserId> readers)
    {
        var bytes = new byte[HeadBytes + readers.Length * sizeof(long)];
        (bytes[16], bytes[17]) = ((byte)word, (byte)cause.Kind);
        ReadOnlySpan<long> numbers =
            [teller, number, cause.Position, cause.Actor.Value, cause.Other.Value, cause.Post.Value, cause.Detail, cause.UnixMs];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * sizeof(long) + (i < 2 ? 0 : 2)), numbers[i]);
        for (var i = 0; i < readers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(HeadBytes + i * sizeof(long)), readers[i].Value);
        return bytes;
    }

    /// <returns>Null where it is no message: another version's, or not ours.</returns>
    public static LiveMessage? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || (bytes.Length - HeadBytes) % sizeof(long) != 0)
            return null;
        var (word, kind) = ((LiveWord)bytes[16], (EventKind)bytes[17]);
        var isOfPost = kind is EventKind.PostPublished or EventKind.PostEdited or EventKind.PostDeleted;
        if (!Enum.IsDefined(word) || (word != LiveWord.Beat && !isOfPost))
            return null;
        var readers = new UserId[(bytes.Length - HeadBytes) / sizeof(long)];
        for (var i = 0; i < readers.Length; i++)
            readers[i] = new UserId(At(bytes, HeadBytes + i * sizeof(long)));
        var cause = new Event(
            At(bytes, 18), kind, new UserId(At(bytes, 26)), new UserId(At(bytes, 34)), new PostId(At(bytes, 42)), At(bytes, 50), At(bytes, 58));
        return new LiveMessage(At(bytes, 0), At(bytes, 8), word, cause, readers);
    }

    private static long At(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64BigEndian(bytes[offset..]);
}
