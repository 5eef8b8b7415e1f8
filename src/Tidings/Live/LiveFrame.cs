using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>What a frame says. <see cref="Posted"/> to <see cref="Skip"/> have numbers of their own, the others bear the last one.</summary>
public enum FrameKind : byte
{
    Posted = 1,
    Edited = 2,
    Gone = 3,
    Notification = 4,
    /// <summary>Something was meant for the reader who may no longer know of it: it keeps its number, and says nothing.</summary>
    Skip = 5,
    Hello = 6,
    Counters = 7,
    /// <summary>More happened than is remembered: read again.</summary>
    Resync = 8,
    /// <summary>The last frame of a connection.</summary>
    Bye = 9,
    /// <summary>A watched post that the reader may no longer see. <see cref="Gone"/> on the wire, without a number of its own.</summary>
    Lost = 10,
    /// <summary>Nothing but a sign of life.</summary>
    Beat = 11,
}

/// <summary>Why the server ends a connection.</summary>
public enum ByeReason : byte
{
    None = 0,
    /// <summary>The client has left: nobody is there to be told.</summary>
    Left = 1,
    Stopping = 2,
    /// <summary>Signed out or revoked.</summary>
    SignedOut = 3,
    Expired = 4,
}

/// <summary>One message to a client.</summary>
/// <param name="Seq">The reader's sequence, from the event of the frame or the last before it.</param>
/// <param name="Author">Of the post; the reader, for a goodbye.</param>
/// <param name="Number">Unread notifications; the <see cref="ByeReason"/>; 1 for a hello that resumes.</param>
public readonly record struct LiveFrame(long Seq, FrameKind Kind, PostId Post, UserId Author, Counts Counts, int Number)
{
    public LiveFrame(long seq, FrameKind kind, int number = 0)
        : this(seq, kind, default, default, default, number)
    {
    }
}
