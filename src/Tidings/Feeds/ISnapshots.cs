using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <summary>Names a snapshot within one reader's.</summary>
public readonly record struct SnapshotId(long Value);

/// <summary>
/// The ranked lists that page walks read from. A reader has a few at a time (<see cref="PerReaderMax"/>, the oldest goes first), each lives for
/// <see cref="Lifetime"/> at most, and any may vanish: then its cursor is expired.
/// </summary>
public interface ISnapshots
{
    const int PerReaderMax = 4;

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    ValueTask<SnapshotId> SaveAsync(UserId reader, ReadOnlyMemory<PostId> order, CancellationToken ct);

    /// <returns>How many were written, or −1 where the snapshot is gone.</returns>
    ValueTask<int> ReadAsync(UserId reader, SnapshotId snapshot, Memory<PostId> into, CancellationToken ct);

    /// <summary>Rewrites the order of a stretch: a page settles what it showed and what it put off. No-op where the snapshot is gone.</summary>
    ValueTask SettleAsync(UserId reader, SnapshotId snapshot, int from, ReadOnlyMemory<PostId> order, CancellationToken ct);
}
