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

internal sealed class Inboxes(HotPosts hot, Slab slab, TimeProvider clock) : IInboxes, IPresence, IDisposable
{
    public long OpenInboxes => throw new NotImplementedException($"{hot}{slab}{clock}");

    public long Entries => throw new NotImplementedException();

    public long Bytes => throw new NotImplementedException();

    public ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => throw new NotImplementedException();

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
