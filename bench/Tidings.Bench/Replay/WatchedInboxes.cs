using Tidings.Bench.Measuring;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>Notes when each post's last delivery was done. Fan-out alone delivers through it, so there is one writer.</summary>
internal sealed class WatchedInboxes(IInboxes inner) : IInboxes
{
    private readonly Dictionary<PostId, long> _lastNs = [];

    public long Deliveries { get; private set; }

    /// <summary>Look when fan-out is done.</summary>
    public IReadOnlyDictionary<PostId, long> LastDeliveryNs => _lastNs;

    public async ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct)
    {
        var taken = await inner.DeliverAsync(post, readers, ct);
        if (taken > 0)
            _lastNs[post] = Clocks.NowNs;
        Deliveries += taken;
        return taken;
    }

    public ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => inner.ReadAsync(reader, into, ct);

    public ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => inner.PeekAsync(reader, into, ct);

    public ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct) => inner.OpenAsync(reader, ct);

    public ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct) =>
        inner.FillAsync(reader, ticket, posts, ct);

    public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) => inner.DropAsync(readers, ct);

    public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct) => inner.RetireAsync(seenBeforeUnixMs, ct);
}
