using System.Net;
using StackExchange.Redis;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Tidings.Redis.Cluster;

namespace Tidings.Bench.Redis;

/// <summary>The inboxes of the cluster profile, full: the packed ones anywhere between two of their late trims.</summary>
internal sealed class RedisInboxWorld : IAsyncDisposable
{
    private const int Slice = 1_000;

    private readonly RedisProfile _profile;
    private readonly InboxLayout _layout;
    private readonly int _people;
    private readonly Dictionary<EndPoint, string> _histories = [];
    private readonly Random _random = new(1);
    private long _posts = 1_000_000_000_000_000_000;

    private RedisInboxWorld(RedisProfile profile, InboxLayout layout, int people) => (_profile, _layout, _people) = (profile, layout, people);

    public static async Task<RedisInboxWorld> MakeAsync(string servers, int people, InboxLayout layout)
    {
        var options = new RedisOptions { Servers = servers, KeyPrefix = Prefix(layout), InboxLayout = layout, CallMs = 60_000 };
        return new RedisInboxWorld(await RedisProfile.OpenAsync(options, TimeProvider.System, CancellationToken.None), layout, people);
    }

    public async Task FillAsync(ConnectionMultiplexer connection)
    {
        var database = connection.GetDatabase();
        foreach (var some in Enumerable.Range(1, _people).Chunk(100))
        {
            var posts = Posts(IInboxes.CapEntries);
            await Task.WhenAll(some.Select(async reader =>
            {
                var ticket = await _profile.Inboxes.OpenAsync(new UserId(reader), default);
                await _profile.Inboxes.FillAsync(new UserId(reader), ticket, posts, default);
            }));
            if (_layout == InboxLayout.Packed)
                await Task.WhenAll(some.Select(
                    reader => database.StringAppendAsync(Key(connection, reader), PackedPosts.Of(Posts(Next(IInboxes.CapEntries))))));
        }
    }

    public async Task<int> PushAsync(int slice)
    {
        var readers = new HashSet<UserId>(Slice);
        while (readers.Count < Slice)
            readers.Add(new UserId(1 + Next(_people)));
        var taken = await _profile.Inboxes.DeliverAsync(new PostId(Interlocked.Increment(ref _posts)), readers.ToArray(), default);
        return taken == Slice ? taken : throw new InvalidOperationException($"{taken} of {Slice} inboxes took the post.");
    }

    public async Task<int> ReadAsync(int room)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, Slice).Select(
            _ => _profile.Inboxes.ReadAsync(new UserId(1 + Next(_people)), new PostId[room], default).AsTask()));
        return counts.Count(read => read.Count == room);
    }

    public async Task<double> BytesPerEntryAsync(ConnectionMultiplexer connection)
    {
        var database = connection.GetDatabase();
        var bytes = (long)await database.ExecuteAsync("MEMORY", "USAGE", (RedisKey)Key(connection, 1), "SAMPLES", 0);
        return (double)bytes / IInboxes.CapEntries;
    }

    public ValueTask DisposeAsync() => _profile.DisposeAsync();

    private PostId[] Posts(int count)
    {
        var last = Interlocked.Add(ref _posts, count);
        return [.. Enumerable.Range(0, count).Select(i => new PostId(last - count + 1 + i))];
    }

    private int Next(int below)
    {
        lock (_random) return _random.Next(below);
    }

    /// <summary>What the server that has it calls a reader's inbox.</summary>
    private string Key(ConnectionMultiplexer connection, int reader)
    {
        var name = $"{Prefix(_layout)}feed:{{{reader}}}";
        var owner = connection.GetServers()[0].ClusterConfiguration!.GetBySlot(name)!.EndPoint!;
        if (!_histories.TryGetValue(owner, out var history))
        {
            var replication = connection.GetServer(owner).Info("replication").SelectMany(section => section);
            _histories[owner] = history = replication.First(line => line.Key == "master_replid").Value[..16];
        }
        return $"{name}:{history}";
    }

    private static string Prefix(InboxLayout layout) => layout == InboxLayout.Packed ? "packed:" : "sorted:";
}
