using System.Collections.Concurrent;
using Tidings.Feeds;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>
/// Clients that show what they are told and read their feed again when they are told to, and at no other time. What a client doesn't know in the end it was
/// neither told of nor told to look for.
/// </summary>
internal sealed class LiveClients(LiveRelay relay, ReadFeed readFeed)
{
    private const int PagePosts = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Client> _clients = [];

    public int Resyncs => _clients.Sum(client => client.Resyncs);

    public int Told => _clients.Sum(client => client.Told);

    private sealed class Client(UserId reader, LiveConnection connection)
    {
        public UserId Reader => reader;
        public LiveConnection Connection => connection;
        public ConcurrentDictionary<PostId, bool> Known { get; } = new();
        public SemaphoreSlim Learned { get; } = new(0);
        public Task Running { get; set; } = Task.CompletedTask;
        public int Resyncs { get; set; }
        public int Told { get; set; }
    }

    public void Connect(UserId reader)
    {
        var client = new Client(reader, relay.Open(reader, default, long.MaxValue, null).Value);
        client.Running = Task.Run(() => RunAsync(client));
        _clients.Add(client);
    }

    /// <summary>Waits until everyone knows all that is in their feed.</summary>
    public async Task KnowAllAsync(CancellationToken ct)
    {
        foreach (var client in _clients)
        {
            var feed = await FeedAsync(client.Reader, ct);
            while (!feed.All(client.Known.ContainsKey))
            {
                if (!await client.Learned.WaitAsync(Patience, ct))
                    throw new TimeoutException($"Reader {client.Reader} was told nothing more, and not told to read again.");
            }
        }
    }

    public async Task LeaveAsync()
    {
        foreach (var client in _clients)
            client.Connection.End(ByeReason.Left);
        await Task.WhenAll(_clients.Select(client => client.Running));
    }

    private async Task RunAsync(Client client)
    {
        var batch = relay.Rent();
        while (!client.Connection.IsEnded)
        {
            var count = await relay.TakeAsync(client.Connection, batch, CancellationToken.None);
            for (var i = 0; i < count; i++)
            {
                var frame = batch.Frames[i];
                if (frame.Kind == FrameKind.Posted)
                {
                    client.Known[frame.Post] = true;
                    client.Told++;
                }
                if (frame.Kind != FrameKind.Resync)
                    continue;
                client.Resyncs++;
                foreach (var post in await FeedAsync(client.Reader, CancellationToken.None))
                    client.Known[post] = true;
            }
            if (count > 0)
                client.Learned.Release();
            else
                await client.Connection.WaitAsync();
        }
    }

    private async Task<List<PostId>> FeedAsync(UserId reader, CancellationToken ct)
    {
        var posts = new List<PostId>();
        string? cursor = null;
        do
        {
            using var page = (await readFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, PagePosts, cursor), ct)).Value;
            posts.AddRange(page.Items.ToArray().Select(item => item.Header.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return posts;
    }
}
