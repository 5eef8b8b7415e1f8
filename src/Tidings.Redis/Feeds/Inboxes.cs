using System.Security.Cryptography;
using StackExchange.Redis;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Feeds;

/// <summary>
/// Inboxes and presence in Redis, an inbox and a time for each reader, decided in Redis by functions.
/// 1. A delivery is one call to each primary with its share of the readers; in nearly all inboxes it looks at the newest id and appends.
/// 2. The ticket is a random number that the first opening puts into the header: dropped and opened again, an inbox has another one.
/// 3. An inbox is named after the <i>history</i> of the server that has seen it whole. A replica that takes over begins another history, and would lack what
/// was delivered or dropped last: there is no inbox by the name that it looks for, and the next read rebuilds it.
/// 4. So inboxes aren't replicated: no replica would use them. When a reader was last here is.
/// 5. Whoever was dormant or has been forgotten loses the inbox in the same step in which the time is noted, and the time is in the same slot: it can't be lost without that.
/// </summary>
internal sealed class Inboxes(ClusterCalls calls, Keys keys, RedisOptions options, TimeProvider clock) : IInboxes, IPresence
{
    private readonly string _layout = options.InboxLayout == InboxLayout.Packed ? "packed_" : "sorted_";
    private readonly RedisValue _lifetimeSeconds = (long)options.InboxLifetime.TotalSeconds;
    private readonly RosterScan _roster = new(calls, keys);

    /// <summary>A reader of whom there is a sign of life was dormant or had been forgotten: fan-out has told them nothing for a while.</summary>
    public event Action<UserId>? Forgotten;

    /// <summary>Completes when the last sign of life of all is dealt with.</summary>
    internal Task LastSign { get; private set; } = Task.CompletedTask;

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
            var both = stretch.SelectMany(reader => new[] { keys.Seen(reader), keys.Feed(reader) });
            var answer = await calls.ServerAsync(server, _layout + "retire", [seenBeforeUnixMs / 1_000], both, ct);
            retired += (int)answer;
        }, ct);
        return retired;
    }

    public void Seen(UserId reader) => LastSign = NoteAsync(reader);

    public async ValueTask ClassifyAsync(ReadOnlyMemory<UserId> readers, Memory<Presence> into, CancellationToken ct) =>
        await calls.ManyAsync("classify", [NowSeconds], Named(readers.Span, keys.Seen), (answer, places) => Copy(answer, places, into.Span), ct);

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

    private async Task NoteAsync(UserId reader)
    {
        try
        {
            if ((int)await OneAsync("seen", reader, [NowSeconds, _lifetimeSeconds], CancellationToken.None) == 1)
                Forgotten?.Invoke(reader);
        }
        catch (RedisAwayException)
        {
            // The next sign of life notes it, and finds out whether this one was missed.
            RedisTelemetry.SignsLost.Add(1);
        }
    }

    private Task<RedisResult> OneAsync(string function, UserId reader, RedisValue[] args, CancellationToken ct) =>
        calls.OneAsync(_layout + function, [keys.Seen(reader), keys.Feed(reader)], args, ct);

    private Task ManyAsync(
        string function, RedisValue[] args, ReadOnlySpan<UserId> readers, Action<RedisResult, int[]> answered, CancellationToken ct) =>
        calls.ManyAsync(_layout + function, args, Named(readers, keys.Feed), answered, ct);

    private static byte[][] Named(ReadOnlySpan<UserId> readers, Func<UserId, byte[]> name)
    {
        var names = new byte[readers.Length][];
        for (var i = 0; i < names.Length; i++)
            names[i] = name(readers[i]);
        return names;
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
