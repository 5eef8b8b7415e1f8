using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Redis.Feeds;

/// <summary>
/// Inboxes for those who read: where Redis is away there is none, and what is rebuilt isn't kept, so a read takes its candidates from the record and
/// is as complete as ever, only slower. Fan-out doesn't use this: what it can't deliver it has to deliver later.
/// </summary>
internal sealed class PulledWhenAway(IInboxes inboxes) : IInboxes
{
    /// <summary>No inbox has this one.</summary>
    private static readonly InboxTicket Nowhere = new(0);

    public async ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct)
    {
        try
        {
            return await inboxes.ReadAsync(reader, into, ct);
        }
        catch (RedisAwayException)
        {
            return InboxRead.Missing;
        }
    }

    public async ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct)
    {
        try
        {
            return await inboxes.PeekAsync(reader, into, ct);
        }
        catch (RedisAwayException)
        {
            return InboxRead.Missing;
        }
    }

    public async ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct)
    {
        try
        {
            return await inboxes.OpenAsync(reader, ct);
        }
        catch (RedisAwayException)
        {
            return Nowhere;
        }
    }

    /// <returns>True also where nothing could be kept: to read everything once more would change nothing.</returns>
    public async ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct)
    {
        try
        {
            return ticket == Nowhere || await inboxes.FillAsync(reader, ticket, posts, ct);
        }
        catch (RedisAwayException)
        {
            return true;
        }
    }

    public ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct) => inboxes.DeliverAsync(post, readers, ct);

    public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) => inboxes.DropAsync(readers, ct);

    public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct) => inboxes.RetireAsync(seenBeforeUnixMs, ct);
}
