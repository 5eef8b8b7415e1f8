using Tidings.Feeds;
using Tidings.People;

namespace Tidings.Embedded.Record;

/// <summary>
/// The mode of each author, a byte in memory. At the start it is what the number of followers says: nobody has an inbox then, so no author
/// is between two modes.
/// </summary>
internal sealed class FanOutModes : IFanOutModes
{
    private const int SegmentShift = 16, SegmentAuthors = 1 << SegmentShift;

    private readonly byte[]?[] _segments = new byte[]?[1 << (32 - SegmentShift)];

    public ValueTask ModesAsync(ReadOnlyMemory<UserId> authors, Memory<FanOutMode> into, CancellationToken ct)
    {
        var modes = into.Span;
        for (var i = 0; i < authors.Length; i++)
        {
            var author = authors.Span[i].Value;
            var segment = author is > 0 and <= uint.MaxValue ? Volatile.Read(ref _segments[author >> SegmentShift]) : null;
            modes[i] = segment is null ? FanOutMode.Push : (FanOutMode)Volatile.Read(ref segment[author & (SegmentAuthors - 1)]);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask SetAsync(UserId author, FanOutMode mode, CancellationToken ct)
    {
        Set(author, mode);
        return ValueTask.CompletedTask;
    }

    public void Set(UserId author, FanOutMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(author.Value);
        ref var segment = ref _segments[checked((uint)author.Value) >> SegmentShift];
        if (Volatile.Read(ref segment) is null)
            Interlocked.CompareExchange(ref segment, new byte[SegmentAuthors], null);
        Volatile.Write(ref segment![author.Value & (SegmentAuthors - 1)], (byte)mode);
    }
}
