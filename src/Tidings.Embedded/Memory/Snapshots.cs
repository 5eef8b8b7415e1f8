using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Memory;

/// <summary>
/// Snapshots outside the managed heap, 8 bytes an id, readers spread over shards. A shard that is at its part of the byte limit gives up its
/// oldest snapshot. Ids go on from the time of the start, so a cursor of an earlier process finds nothing rather than another's place.
/// </summary>
internal sealed class Snapshots : ISnapshots, IDisposable
{
    private const int IdsPerMs = 1 << 20;
    private const int ReadersSpread = 0x2545_F491;

    private readonly TimeProvider _clock;
    private readonly SnapshotShard[] _shards;
    private long _lastId;

    /// <param name="limitBytes">For all snapshots together, at least 8 KiB a shard.</param>
    /// <param name="shards">Locks, 1 to 256.</param>
    public Snapshots(Slab slab, TimeProvider clock, long limitBytes, int shards = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, 256);
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, (long)Slab.PageBytes * shards);
        _clock = clock;
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new SnapshotShard(slab, limitBytes / shards))];
        _lastId = NowMs() * IdsPerMs;
    }

    /// <summary>What the blocks of all snapshots take.</summary>
    public long Bytes => _shards.Sum(shard => shard.Bytes);

    /// <exception cref="ArgumentException">More than 1,024 ids.</exception>
    public ValueTask<SnapshotId> SaveAsync(UserId reader, ReadOnlyMemory<PostId> order, CancellationToken ct)
    {
        var id = new SnapshotId(Interlocked.Increment(ref _lastId));
        ShardOf(reader).Save((uint)reader.Value, id.Value, NowMs(), order.Span);
        return new(id);
    }

    public ValueTask<int> ReadAsync(UserId reader, SnapshotId snapshot, Memory<PostId> into, CancellationToken ct) =>
        new(ShardOf(reader).Read((uint)reader.Value, snapshot.Value, NowMs(), into.Span));

    public ValueTask SettleAsync(UserId reader, SnapshotId snapshot, int from, ReadOnlyMemory<PostId> order, CancellationToken ct)
    {
        ShardOf(reader).Settle((uint)reader.Value, snapshot.Value, NowMs(), from, order.Span);
        return default;
    }

    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Clear();
    }

    private SnapshotShard ShardOf(UserId reader) => _shards[((uint)reader.Value * ReadersSpread >> 8) % (uint)_shards.Length];

    private long NowMs() => _clock.GetUtcNow().ToUnixTimeMilliseconds();
}
