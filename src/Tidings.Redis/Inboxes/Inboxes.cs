using System.Security.Cryptography;
using StackExchange.Redis;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Inboxes;

/// <summary>
/// Inboxes and presence in Redis, one key for each reader, decided in Redis by functions.
/// 1. A delivery is one call to each primary with its share of the readers; in nearly all inboxes it looks at the header and at the newest id and appends.
/// 2. When the reader was last here stands in the inbox's header, so presence can't be kept where the inbox is lost, nor lost where the inbox is kept.
/// 3. The ticket is a random number that the first opening puts into the header: dropped and opened again, an inbox has another one.
/// 4. The header names the <i>history</i> of the server that has seen the inbox whole. A replica that takes over begins another history, and may lack what
/// was delivered or dropped last: whatever it has of the old one counts as missing, and is rebuilt when it is read.
/// </summary>
internal sealed class Inboxes(ClusterCalls calls, Keys keys, RedisOptions options, TimeProvider clock) : IInboxes, IPresence
{
    private readonly string _layout = options.InboxLayout == InboxLayout.Packed ? "packed_" : "sorted_";
    private readonly RedisValue _lifetimeSeconds = (long)options.InboxLifetime.TotalSeconds;
    private readonly RosterScan _roster = new(calls, keys, options.InboxLayout == InboxLayout.Packed ? "" : ":head");

    private RedisValue NowSeconds => clock.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) =>
        Copy(await OneAsync("read", reader, [NowSeconds, _lifetimeSeconds, into.Length], ct), into.Span);

    public async ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct) =>
        Copy(await OneAsync("peek", reader, [NowSeconds, into.Length], ct), into.Span);

    public async ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct)
    {
        var epoch = RandomNumberGenerator.GetBytes(sizeof(long));
        var kept = await OneAsync("open", reader, [NowSeconds, _lifetimeSeconds, epoch], ct);
        return new InboxTicket(BitConverter.ToInt64((byte[])kept!));
    }

    public async ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct)
    {
        var rising = posts.Span[..Math.Min(posts.Length, IInboxes.CapEntries)].ToArray();
        Array.Sort(rising);
        RedisValue lost = posts.Length >= IInboxes.CapEntries ? "\u0001" : "\0";
        return (int)await OneAsync("fill", reader, [BitConverter.GetBytes(ticket.Epoch), PackedPosts.Of(rising), lost], ct) == 1;
    }

    public async ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct)
    {
        var taken = 0;
        await ManyAsync("deliver", [PackedPosts.Of(post)], readers.Span, (answer, _) => taken += (int)answer, ct);
        return taken;
    }

    public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) =>
        new(ManyAsync("drop", [], readers.Span, static (_, _) => { }, ct));

    public async ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct)
    {
        var retired = 0;
        await _roster.WalkAsync(async (server, stretch) =>
        {
            var answer = await calls.ServerAsync(server, _layout + "retire", [seenBeforeUnixMs / 1_000], stretch.Select(keys.Feed), ct);
            retired += (int)answer;
        }, ct);
        return retired;
    }

    public void Seen(UserId reader) => calls.Send(_layout + "seen", keys.Feed(reader), [NowSeconds, _lifetimeSeconds]);

    public async ValueTask ClassifyAsync(ReadOnlyMemory<UserId> readers, Memory<Presence> into, CancellationToken ct) =>
        await ManyAsync("classify", [NowSeconds], readers.Span, (answer, places) => Copy(answer, places, into.Span), ct);

    public async ValueTask<int> ListAsync(UserId after, Memory<UserId> into, CancellationToken ct)
    {
        var count = 0;
        var presence = new Presence[into.Length];
        var found = new UserId[into.Length];
        while (count < into.Length)
        {
            var met = await _roster.AfterAsync(after, found, ct);
            await ClassifyAsync(found.AsMemory(0, met), presence, ct);
            for (var i = 0; i < met && count < into.Length; i++)
            {
                after = found[i];
                if (presence[i] != Presence.Dormant)
                    into.Span[count++] = found[i];
            }
            if (met < found.Length)
                break;
        }
        return count;
    }

    private Task<RedisResult> OneAsync(string function, UserId reader, RedisValue[] args, CancellationToken ct) =>
        calls.OneAsync(_layout + function, keys.Feed(reader), args, ct);

    private Task ManyAsync(
        string function, RedisValue[] args, ReadOnlySpan<UserId> readers, Action<RedisResult, int[]> answered, CancellationToken ct)
    {
        var names = new byte[readers.Length][];
        for (var i = 0; i < names.Length; i++)
            names[i] = keys.Feed(readers[i]);
        return calls.ManyAsync(_layout + function, args, names, answered, ct);
    }

    private static InboxRead Copy(RedisResult answer, Span<PostId> into)
    {
        if (answer.IsNull)
            return InboxRead.Missing;
        var count = PackedPosts.Read((byte[])answer[1]!, into);
        into[..count].Reverse();
        return new InboxRead(count, (int)answer[0] == 1);
    }

    private static void Copy(RedisResult answer, int[] places, Span<Presence> into)
    {
        var classes = ((string)answer!).AsSpan();
        for (var i = 0; i < places.Length; i++)
            into[places[i]] = (Presence)(classes[i] - '0');
    }
}
