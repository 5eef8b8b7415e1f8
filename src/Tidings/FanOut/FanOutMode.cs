using Tidings.People;

namespace Tidings.FanOut;

/// <summary>How the followers of an author get the author's posts.</summary>
public enum FanOutMode : byte
{
    /// <summary>Delivered into their inboxes when published.</summary>
    Push = 0,
    /// <summary>Read from the author's timeline when they read.</summary>
    Pull = 1,
    /// <summary>On the way from pull to push: both, until no follower's inbox lacks a post.</summary>
    Draining = 2,
}

/// <summary>The mode of each author. An author of whom nothing was said is <see cref="FanOutMode.Push"/>.</summary>
public interface IFanOutModes
{
    ValueTask ModesAsync(ReadOnlyMemory<UserId> authors, Memory<FanOutMode> into, CancellationToken ct);

    ValueTask SetAsync(UserId author, FanOutMode mode, CancellationToken ct);
}

/// <summary>How lately a reader was here.</summary>
public enum Presence : byte
{
    /// <summary>Not for 14 days: nothing is delivered, the inbox is rebuilt on return.</summary>
    Dormant = 0,
    Active = 1,
    Online = 2,
}

/// <summary>Who is here: decides who is served first.</summary>
public interface IPresence
{
    /// <summary>Notes that a reader is here now.</summary>
    void Seen(UserId reader);

    void Classify(ReadOnlySpan<UserId> readers, Span<Presence> into);
}
