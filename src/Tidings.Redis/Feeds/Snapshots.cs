using System.Buffers.Binary;
using System.Security.Cryptography;
using StackExchange.Redis;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Feeds;

/// <summary>
/// Snapshots in Redis, a hash for each reader. A snapshot's number is its millisecond and 20 random bits, so the number tells when it expires and which of a
/// reader's is the oldest. They aren't replicated: what a primary took with it can't be walked on, for nobody knows what its last page has settled.
/// </summary>
internal sealed class Snapshots(ClusterCalls calls, Keys keys, TimeProvider clock) : ISnapshots
{
    public const int IdsMax = 1_024;

    private const int RandomBits = 20, SaveTriesMax = 3;

    private static readonly RedisValue LifetimeMs = (long)ISnapshots.Lifetime.TotalMilliseconds;

    private readonly Lock _gate = new();
    private long _last;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <exception cref="ArgumentException">More than <see cref="IdsMax"/> ids.</exception>
    public async ValueTask<SnapshotId> SaveAsync(UserId reader, ReadOnlyMemory<PostId> order, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order.Length, IdsMax);
        var packed = PackedPosts.Of(order.Span);
        for (var tries = 1; tries <= SaveTriesMax; tries++)
        {
            var id = NextId();
            var saved = await calls.OneAsync(
                "snapshot_save", [keys.Snapshots(reader)], [Name(id), packed, LifetimeMs, ISnapshots.PerReaderMax], ct);
            if ((int)saved == 1)
                return id;
        }
        throw new InvalidOperationException($"{SaveTriesMax} numbers in a row were given before: the source of randomness is broken.");
    }

    public async ValueTask<int> ReadAsync(UserId reader, SnapshotId snapshot, Memory<PostId> into, CancellationToken ct)
    {
        if (HasExpired(snapshot))
            return -1;
        var packed = (byte[]?)await calls.OneAsync("snapshot_read", [keys.Snapshots(reader)], [Name(snapshot)], ct);
        return packed is null ? -1 : PackedPosts.Read(packed.AsSpan(0, Math.Min(packed.Length, into.Length * PackedPosts.Bytes)), into.Span);
    }

    public async ValueTask SettleAsync(UserId reader, SnapshotId snapshot, int from, ReadOnlyMemory<PostId> order, CancellationToken ct)
    {
        if (!HasExpired(snapshot))
            await calls.OneAsync("snapshot_settle", [keys.Snapshots(reader)], [Name(snapshot), from, PackedPosts.Of(order.Span)], ct);
    }

    /// <summary>Rises within this process even where time stands still.</summary>
    private SnapshotId NextId()
    {
        var id = (NowMs << RandomBits) | (uint)RandomNumberGenerator.GetInt32(1 << RandomBits);
        lock (_gate) return new SnapshotId(_last = Math.Max(id, _last + 1));
    }

    private bool HasExpired(SnapshotId snapshot) => (snapshot.Value >> RandomBits) + ISnapshots.Lifetime.TotalMilliseconds <= NowMs;

    private static byte[] Name(SnapshotId snapshot)
    {
        var name = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(name, snapshot.Value);
        return name;
    }
}
