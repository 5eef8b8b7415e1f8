using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <summary>
/// What an inbox was when its rebuild began. Whatever drops the inbox meanwhile makes the ticket worthless.
/// </summary>
public readonly record struct InboxTicket(long Epoch);

/// <param name="Count">How many ids were written; −1 where there is no inbox: rebuild it.</param>
/// <param name="IsWhole">Nothing ever fell out of this inbox: there are no older posts than those written.</param>
public readonly record struct InboxRead(int Count, bool IsWhole)
{
    public static readonly InboxRead Missing = new(-1, false);
}

/// <summary>
/// The materialised candidates of active readers: at most <see cref="CapEntries"/> post ids each, sorted, each once. Rebuildable at any
/// moment: a reader without an inbox costs nothing to push to, and gets one at the next read.
/// </summary>
public interface IInboxes
{
    const int CapEntries = 1_000;

    /// <summary>Copies the inbox, newest first, and notes that the reader was here.</summary>
    ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct);

    /// <summary>Copies the inbox as its reader would get it, and nobody notices. Missing where the next read would rebuild it.</summary>
    ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct);

    /// <summary>Begins a rebuild: from now on deliveries to this reader are kept. Read the sources after this, not before.</summary>
    ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct);

    /// <summary>Ends a rebuild: merges the posts, newest first, with what was delivered meanwhile. Fewer than <see cref="CapEntries"/> are all
    /// that there are.</summary>
    /// <returns>False where the inbox was dropped since the ticket was given: what was read may be stale.</returns>
    ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct);

    /// <summary>Puts one post into the inboxes of those readers who have one. Repeating it changes nothing.</summary>
    /// <returns>How many inboxes took it.</returns>
    ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct);

    /// <summary>Forgets the inboxes: whom these readers follow has changed.</summary>
    ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct);

    /// <summary>Frees the inboxes of readers who were last here before the time given.</summary>
    /// <returns>How many.</returns>
    ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct);
}
