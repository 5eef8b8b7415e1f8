using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

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
