using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Tidings.Live;

namespace Tidings.Server.Live;

/// <summary>
/// Frames as they stand on the wire: JSON, at most <see cref="BytesMax"/>, described in docs/live.md and frozen by a test. A frame has its
/// reader's number in it, so no two readers get the same bytes; it is written straight into the buffer that is sent.
/// </summary>
internal static class LiveFrames
{
    /// <summary>One more with each change that a client could stumble over.</summary>
    public const int Version = 1;

    public const int BytesMax = 256;

    /// <summary>When a server stops its clients come back one by one, not all at once.</summary>
    private const int RetryMsMin = 500, RetrySpreadMs = 4_096;

    /// <returns>How many bytes; 0 for a frame that says nothing.</returns>
    public static int Write(in LiveFrame frame, Span<byte> into)
    {
        if (frame.Kind == FrameKind.Beat) return 0;
        var text = new Text(into);
        text.Add("{\"seq\":"u8).Add(frame.Seq).Add(",\"type\":\""u8).Add(NameOf(frame.Kind)).Add("\""u8);
        switch (frame.Kind)
        {
            case FrameKind.Posted:
                text.Add(",\"post\":\""u8).Add(frame.Post.Value).Add("\",\"author\":\""u8).Add(frame.Author.Value).Add("\""u8);
                break;
            case FrameKind.Edited or FrameKind.Gone or FrameKind.Lost:
                text.Add(",\"post\":\""u8).Add(frame.Post.Value).Add("\""u8);
                break;
            case FrameKind.Counters:
                text.Add(",\"post\":\""u8).Add(frame.Post.Value).Add("\",\"likes\":"u8).Add(frame.Counts.Likes)
                    .Add(",\"comments\":"u8).Add(frame.Counts.Comments).Add(",\"shares\":"u8).Add(frame.Counts.Shares);
                break;
            case FrameKind.Notification:
                text.Add(",\"unread\":"u8).Add(frame.Number);
                break;
            case FrameKind.Hello:
                text.Add(",\"version\":"u8).Add(Version).Add(",\"resumed\":"u8).Add(frame.Number == 1 ? "true"u8 : "false"u8);
                break;
            case FrameKind.Bye:
                text.Add(",\"reason\":\""u8).Add(NameOf((ByeReason)frame.Number)).Add("\""u8);
                if ((ByeReason)frame.Number == ByeReason.Stopping)
                    text.Add(",\"retry_ms\":"u8).Add(RetryMsMin + (frame.Author.Value * 2_654_435_761 >> 16 & (RetrySpreadMs - 1)));
                break;
        }
        return text.Add("}"u8).Length;
    }

    public static ReadOnlySpan<byte> NameOf(ByeReason reason) => reason switch
    {
        ByeReason.Stopping => "stopping"u8,
        ByeReason.SignedOut => "signed_out"u8,
        ByeReason.Expired => "expired"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    private static ReadOnlySpan<byte> NameOf(FrameKind kind) => kind switch
    {
        FrameKind.Posted => "posted"u8,
        FrameKind.Edited => "edited"u8,
        FrameKind.Gone or FrameKind.Lost => "gone"u8,
        FrameKind.Notification => "notification"u8,
        FrameKind.Skip => "skip"u8,
        FrameKind.Hello => "hello"u8,
        FrameKind.Counters => "counters"u8,
        FrameKind.Resync => "resync"u8,
        FrameKind.Bye => "bye"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private ref struct Text(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Length { get; private set; }

        [UnscopedRef]
        public ref Text Add(ReadOnlySpan<byte> ascii)
        {
            ascii.CopyTo(_into[Length..]);
            Length += ascii.Length;
            return ref this;
        }

        [UnscopedRef]
        public ref Text Add(long number)
        {
            Utf8Formatter.TryFormat(number, _into[Length..], out var written);
            Length += written;
            return ref this;
        }
    }
}
