using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

internal sealed class Snapshots(Slab slab, TimeProvider clock, long limitBytes) : ISnapshots, IDisposable
{
    public long Bytes => throw new NotImplementedException($"{slab}{clock}{limitBytes}");

    public ValueTask<SnapshotId> SaveAsync(UserId reader, ReadOnlyMemory<PostId> order, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask<int> ReadAsync(UserId reader, SnapshotId snapshot, Memory<PostId> into, CancellationToken ct) => throw new NotImplementedException();

    public ValueTask SettleAsync(UserId reader, SnapshotId snapshot, int from, ReadOnlyMemory<PostId> order, CancellationToken ct) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
