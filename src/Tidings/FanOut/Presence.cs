using Tidings.People;

namespace Tidings.FanOut;

/// <summary>How lately a reader was here.</summary>
public enum Presence : byte
{
    /// <summary>Not for 14 days: nothing is delivered, the inbox is rebuilt on return.</summary>
    Dormant = 0,
    Active = 1,
    Online = 2,
}

/// <summary>Who is here: decides who is served first. Whoever comes back from being dormant has no inbox: what was delivered meanwhile
/// passed it by.</summary>
public interface IPresence
{
    /// <summary>Notes that a reader is here now. Never waits; what this process asks next finds it noted.</summary>
    void Seen(UserId reader);

    ValueTask ClassifyAsync(ReadOnlyMemory<UserId> readers, Memory<Presence> into, CancellationToken ct);

    /// <summary>The next readers after <paramref name="after"/> (0 to begin) who are not dormant, rising by id.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    ValueTask<int> ListAsync(UserId after, Memory<UserId> into, CancellationToken ct);
}
