using System.Collections.Concurrent;
using System.Diagnostics;
using Tidings.Adapters.Tests.Record;
using Tidings.Embedded;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Redis;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>
/// A small network that lives while Redis suffers: authors publish into the record, fan-out delivers into a cluster of its own, readers read. What the cluster
/// loses is found by comparing all inboxes with the timelines at the end.
/// </summary>
internal sealed class LossWorld : IAsyncDisposable
{
    public const int NodeTimeoutMs = 2_000;

    private const int Authors = 30, Readers = 120, FolloweesEach = 10, ReadersAtOnce = 2, PagePosts = 20, Connected = 20;

    /// <summary>Authors publish in turn.</summary>
    private const int EveryoneHasAPage = Authors * (PagePosts / FolloweesEach + 1);

    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(4), TryAgainAfter = TimeSpan.FromMilliseconds(20), BeatEvery = TimeSpan.FromMilliseconds(250);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _publishing = new(), _delivering = new();
    private readonly SemaphoreSlim _published = new(0);
    private EmbeddedProfile _record = null!;
    private FanOutWorker _fanOut = null!;
    private ReadFeed _readFeed = null!;
    private UserId[] _authors = [];
    private readonly ConcurrentQueue<double> _pageMs = [];
    private int _pages;
    private Task _load = Task.CompletedTask, _fanOutRun = Task.CompletedTask, _listening = Task.CompletedTask, _beating = Task.CompletedTask;

    public RedisCluster Cluster { get; private set; } = null!;

    public RedisProfile Redis { get; private set; } = null!;

    public LiveClients Live { get; private set; } = null!;

    public UserId[] ReaderIds { get; private set; } = [];

    public int Posts { get; private set; }

    public int Pages => Volatile.Read(ref _pages);

    /// <summary>How long a page took that no more than one of 100 took longer than, and the longest.</summary>
    public (double P99Ms, double MaxMs) PageTimes
    {
        get
        {
            double[] sorted = [.. _pageMs.Order()];
            return (sorted[sorted.Length * 99 / 100], sorted[^1]);
        }
    }

    /// <summary>Slices that fan-out had to do again.</summary>
    public int Refused { get; private set; }

    public static async Task<LossWorld> StartAsync(CancellationToken ct)
    {
        RedisServers.Require();
        var world = new LossWorld();
        try
        {
            world.Cluster = await RedisCluster.StartAsync(NodeTimeoutMs, ct);
            await world.OpenAsync(ct);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for so many posts more.</summary>
    public async Task PostsAsync(int count, CancellationToken ct)
    {
        while (await _published.WaitAsync(0, ct))
        {
            // These were there before.
        }
        for (var i = 0; i < count; i++)
            await _published.WaitAsync(ct);
    }

    /// <summary>Ends the load, has everyone read once more, and compares.</summary>
    public async Task<AuditFigures> SettleAsync(CancellationToken ct)
    {
        await _publishing.CancelAsync();
        await _load;
        await _fanOut.PassedAsync(_record.Events.End, ct);
        await Live.KnowAllAsync(ct);
        foreach (var reader in ReaderIds)
            await ReadAsync(reader, ct);
        var audits = new AuditInboxes(
            Redis.Inboxes, _record.Posts, _record.Graph, _record.Modes, Redis.Presence, _record.Events, _fanOut, TimeProvider.System) { Pause = TimeSpan.Zero };
        var audit = new Audit(1, ReaderIds, repair: false, 0);
        await audits.RunAsync(audit, ct);
        return audit.Figures;
    }

    /// <summary>Everyone's page comes, whatever Redis is doing, and once there are posts it is never empty.</summary>
    public async Task ReadAsync(UserId reader, CancellationToken ct)
    {
        var (posts, began) = (Posts, Stopwatch.GetTimestamp());
        using var page = (await _readFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, PagePosts, null), ct)).Value;
        var count = page.Items.Length;
        Assert.True(count == PagePosts || posts < EveryoneHasAPage, $"A page of {count} after {posts} posts.");
        Interlocked.Increment(ref _pages);
        _pageMs.Enqueue(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _publishing.CancelAsync();
        await _delivering.CancelAsync();
        await _load;
        if (Live is not null)
            await Live.LeaveAsync();
        await _fanOutRun;
        await _beating;
        await _listening.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (Redis is not null)
            await Redis.DisposeAsync();
        if (_record is not null)
            await _record.DisposeAsync();
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        _folder.Dispose();
        _publishing.Dispose();
        _delivering.Dispose();
        _published.Dispose();
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        var p = _record = await EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(_folder.Path), TimeProvider.System, null, ct);
        Redis = await RedisProfile.OpenAsync(new RedisOptions { Servers = Cluster.Servers }, TimeProvider.System, ct);
        _authors = await JoinAsync("author", Authors, ct);
        ReaderIds = await JoinAsync("reader", Readers, ct);
        for (var i = 0; i < Readers * FolloweesEach; i++)
            Assert.True((await p.Graph.ChangeAsync(ReaderIds[i % Readers], TieAction.Follow, _authors[(i % Readers * 7 + i / Readers * 3) % Authors], ct)).IsOk);
        _fanOut = new FanOutWorker(
            p.Events, p.Graph, Redis.Inboxes, Redis.Presence, p.Modes, new FanOutPolicy(), TimeProvider.System, p.Events.End, Redis.Announcer);
        _readFeed = new ReadFeed(
            Redis.InboxesOfReaders, p.Posts, p.Graph, p.Audiences, p.Engagement, p.Affinity, p.SeenPosts, p.Modes, p.Snapshots,
            new FeedCursors(p.CursorKey, TimeProvider.System), new RankingPlans(RankingProfile.Default), SlateSampler.Off, new Exposures(), TimeProvider.System);
        foreach (var reader in ReaderIds)
            await ReadAsync(reader, ct);
        await ConnectAsync(ct);
        _fanOutRun = Task.Run(DeliverAsync, ct);
        _load = Task.WhenAll(Enumerable.Range(0, ReadersAtOnce).Select(i => Task.Run(() => ReadOnAsync(i), ct)).Append(Task.Run(PublishAsync, ct)));
    }

    private async Task ConnectAsync(CancellationToken ct)
    {
        var readers = new LiveReaders(TimeProvider.System, new LiveOptions());
        var sight = new LiveSight(_record.Posts, _record.Graph, _record.Audiences);
        var listener = Redis.Listener(new Announcer(readers, sight), readers);
        _listening = Task.Run(() => listener.RunAsync(_delivering.Token), ct);
        await listener.Listening.WaitAsync(ct);
        _beating = Task.Run(BeatAsync, ct);
        Live = new LiveClients(
            new LiveRelay(readers, new LiveCounters(TimeProvider.System), sight, _record.People, _record.Credentials, Redis.Presence, TimeProvider.System), _readFeed);
        foreach (var reader in ReaderIds.Take(Connected))
            Live.Connect(reader);
    }

    private async Task BeatAsync()
    {
        using var rhythm = new PeriodicTimer(BeatEvery);
        while (await TickAsync(rhythm, _delivering.Token))
        {
            await Redis.Announcer.BeatAsync(CancellationToken.None);
            foreach (var reader in ReaderIds.Take(Connected))
                Redis.Presence.Seen(reader);
        }
    }

    private async Task<UserId[]> JoinAsync(string name, int count, CancellationToken ct) => await Task.WhenAll(Enumerable.Range(0, count)
        .Select(async i => (await _record.People.AddAsync(new NewPerson($"{name}_{i}", "Name", "", []), ct)).Value));

    private async Task PublishAsync()
    {
        using var rhythm = new PeriodicTimer(PublishEvery);
        while (await TickAsync(rhythm, _publishing.Token))
        {
            var post = new NewPost(_authors[Posts % Authors], PostType.Text, Audience.Public, default, new PostBody("hello", []));
            Assert.True((await _record.Posts.PublishAsync(post, null, CancellationToken.None)).IsOk);
            Posts++;
            _published.Release();
        }
    }

    private async Task DeliverAsync()
    {
        using var rhythm = new PeriodicTimer(TryAgainAfter);
        do
        {
            try
            {
                await _fanOut.RunAsync(_delivering.Token);
            }
            catch (RedisAwayException)
            {
                Refused++;
            }
            catch (OperationCanceledException) when (_delivering.IsCancellationRequested)
            {
                return;
            }
        }
        while (await TickAsync(rhythm, _delivering.Token));
    }

    private async Task ReadOnAsync(int first)
    {
        using var rhythm = new PeriodicTimer(PublishEvery);
        for (var i = first; await TickAsync(rhythm, _publishing.Token); i += ReadersAtOnce)
            await ReadAsync(ReaderIds[i % Readers], CancellationToken.None);
    }

    private static async Task<bool> TickAsync(PeriodicTimer rhythm, CancellationToken ct)
    {
        try
        {
            return await rhythm.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
