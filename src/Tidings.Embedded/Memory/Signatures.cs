using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>Where an author's posts are read that memory no longer holds.</summary>
internal interface IColdTimelines
{
    /// <summary>The author's newest posts older than <paramref name="before"/>, newest first.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    int Older(UserId author, PostId before, Span<PostId> into);
}

internal sealed class AuthorTimelines(HotPosts hot, Slab slab) : IDisposable
{
    public const int RingEntriesMax = 100;

    public void Append(UserId author, uint slot) => throw new NotImplementedException($"{hot}{slab}");

    /// <summary>Says that the author has posts older than all that was ever added to the hot posts.</summary>
    public void MarkOlder(UserId author) => throw new NotImplementedException();

    public int Newest(ReadOnlySpan<UserId> authors, PostId before, Span<PostId> into, IColdTimelines cold) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

internal sealed class GraphMemory
{
    public Tie Get(UserId a, UserId b) => throw new NotImplementedException();

    public void Ties(UserId viewer, ReadOnlySpan<UserId> others, Span<Tie> into) => throw new NotImplementedException();

    public void Set(UserId a, UserId b, Tie aToB, Tie bToA) => throw new NotImplementedException();

    public SortedIds List(UserId person, TieList list) => throw new NotImplementedException();

    public int CopyList(UserId person, TieList list, UserId after, Span<UserId> into) => throw new NotImplementedException();

    public GraphCounts Counts(UserId person) => throw new NotImplementedException();

    public void Load(UserId person, TieList outgoing, ReadOnlySpan<uint> sortedIds) => throw new NotImplementedException();

    public void FinishLoading() => throw new NotImplementedException();

    public void AddFollows(ReadOnlySpan<(UserId Follower, UserId Followee)> edges) => throw new NotImplementedException();
}

internal sealed class Inboxes(HotPosts hot, Slab slab, TimeProvider clock) : IInboxes, IPresence, IDisposable
{
    public long OpenInboxes => throw new NotImplementedException($"{hot}{slab}{clock}");

    public long Entries => throw new NotImplementedException();

    public long Bytes => throw new NotImplementedException();

    public ValueTask<int> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct) => throw new NotImplementedException();

    public void Seen(UserId reader) => throw new NotImplementedException();

    public void Classify(ReadOnlySpan<UserId> readers, Span<Presence> into) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

internal sealed class Snapshots(Slab slab, TimeProvider clock, long limitBytes) : ISnapshots, IDisposable
{
    public long Bytes => throw new NotImplementedException($"{slab}{clock}{limitBytes}");

    public ValueTask<SnapshotId> SaveAsync(UserId reader, ReadOnlyMemory<PostId> order, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<int> ReadAsync(UserId reader, SnapshotId snapshot, Memory<PostId> into, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask SettleAsync(UserId reader, SnapshotId snapshot, int from, ReadOnlyMemory<PostId> order, CancellationToken ct) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
