using Tidings.People;

namespace Tidings.Feeds;

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
