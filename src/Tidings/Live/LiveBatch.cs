using Tidings.Posts;

namespace Tidings.Live;

/// <summary>Room for what is taken from a connection at once. Held by those who have something to send, not by those who wait.</summary>
public sealed class LiveBatch
{
    public const int FramesMax = 32;

    public LiveFrame[] Frames { get; } = new LiveFrame[FramesMax];

    internal LiveEvent[] Events { get; } = new LiveEvent[FramesMax];

    internal PostId[] Posts { get; } = new PostId[FramesMax];

    internal PostHeader[] Headers { get; } = new PostHeader[FramesMax];

    internal int Count { get; set; }

    internal int Room => FramesMax - Count;

    internal void Add(in LiveFrame frame) => Frames[Count++] = frame;
}
