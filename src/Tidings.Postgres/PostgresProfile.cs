using Npgsql;
using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Postgres.Log;
using Tidings.Postgres.Sharding;
using Tidings.Postgres.Stores;
using Tidings.Ranking;

namespace Tidings.Postgres;

/// <summary>
/// The record on PostgreSQL: 256 logical shards on any number of servers. Many processes may have it open at the same time. Each port of the record is a
/// property; what can be rebuilt (inboxes, snapshots, presence) is kept elsewhere. Some process must <see cref="RunAsync"/>, or the log stands still.
/// </summary>
public sealed class PostgresProfile : IAsyncDisposable
{
    private readonly RecordServers _servers;
    private readonly EventLog _log;
    private readonly Relay _relay;
    private readonly AffinityCarrier _carrier;
    private readonly Housekeeping _housekeeping;
    private readonly ShardMove _move;
    private readonly PostgresOptions _options;

    private PostgresProfile(RecordServers servers, byte[] cursorKey, PostgresOptions options, TimeProvider clock)
    {
        (_servers, _options, CursorKey) = (servers, options, cursorKey);
        var reads = new RecordReads(servers);
        var writes = new RecordWrites(servers, reads, clock, options.ConnectionsMax);
        _log = new EventLog(servers.Home);
        _relay = new Relay(servers, _log);
        _carrier = new AffinityCarrier(servers, writes, _log);
        _move = new ShardMove(servers, _relay, clock);
        writes.Told = _relay.Wake;

        var joining = new Joining(reads, writes);
        var people = new PeopleStore(servers, reads, writes, joining);
        var graph = new GraphStore(reads, writes, options.Graph);
        _housekeeping = new Housekeeping(servers, joining, graph, options.LogRetention);
        People = people;
        var credentials = new CredentialStore(reads, writes);
        Credentials = credentials;
        Graph = graph;
        Audiences = new AudienceStore(reads, writes, people, options.Graph);
        Posts = new PostStore(reads, writes);
        Engagement = new EngagementStore(reads, writes);
        Affinity = new AffinityStore(reads, writes, people);
        Modes = new ModeStore(reads, writes);
        Notifications = new NotificationStore(servers, reads, writes, clock);
        SeenPosts = new SeenPosts(servers, reads, writes, clock);
        Ranking = new RankingStore(servers.Home);
        PersonalData = new PersonalDataStore(servers, reads, writes, credentials, joining, new Remains(reads, writes, graph));
    }

    public IPeopleStore People { get; }

    public ICredentialStore Credentials { get; }

    public IGraphStore Graph { get; }

    public IAudienceStore Audiences { get; }

    public IPostStore Posts { get; }

    public IEngagementStore Engagement { get; }

    public IAffinityStore Affinity { get; }

    public IFanOutModes Modes { get; }

    public INotificationStore Notifications { get; }

    public ISeenPosts SeenPosts { get; }

    public IRankingStore Ranking { get; }

    public IPersonalData PersonalData { get; }

    public IEventLog Events => _log;

    /// <summary>32 random bytes, made at the first start and kept in the record: the key of cursors.</summary>
    public byte[] CursorKey { get; }

    /// <summary>The log's position that affinity has come to. Known where <see cref="RunAsync"/> runs.</summary>
    public long AffinityReached => _carrier.Reached;

    /// <summary>What the relay ran into last, and goes on trying to get past; null while all is well.</summary>
    public Exception? Trouble { get; private set; }

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="PostgresRecordException">A server can't hold the record. The message says what to do.</exception>
    public static async Task<PostgresProfile> OpenAsync(PostgresOptions options, TimeProvider clock, CancellationToken ct)
    {
        options.Validate();
        var sources = options.Servers.Select(server => Source(server, options)).ToArray();
        var servers = new RecordServers(sources);
        try
        {
            var key = await new RecordOpening(sources, clock).OpenAsync(ct);
            await servers.ReadMapAsync(ct);
            var profile = new PostgresProfile(servers, key, options, clock);
            await profile._log.LookAsync(ct);
            return profile;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes events into the log and affinity to its readers until it is cancelled. A server that can't be reached, and a shard that is on its way, are
    /// tried again; anything else ends it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var listening = _log.ListenAsync(ending.Token);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await TrySettleAsync(ct);
                await _relay.WaitAsync(TimeSpan.FromMilliseconds(_options.RelayMs), ct);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await listening;
        }
    }

    /// <summary>Returns when everything that was committed before is in the log, and has reached those whom it concerns.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        while (await _relay.StepAsync(ct))
            ct.ThrowIfCancellationRequested();
        await _log.LookAsync(ct);
        while (await _carrier.StepAsync(ct))
            ct.ThrowIfCancellationRequested();
    }

    /// <summary>Removes a stretch of what has expired, and finishes what was cut off. Call it about once a minute, in one process.</summary>
    /// <returns>How many rows it dealt with.</returns>
    public ValueTask<int> SweepAsync(long nowUnixMs, CancellationToken ct) => _housekeeping.SweepAsync(nowUnixMs, ct);

    /// <summary>Moves a shard, 0 to 255, to a server, by its place among <see cref="PostgresOptions.Servers"/>, while all programs go on. What would change
    /// the shard waits for as long as its rows are copied, some seconds at most, and fails after that; all else goes on. A move that was cut off is
    /// finished by asking for it again.</summary>
    public Task MoveShardAsync(short shard, int server, CancellationToken ct) => _move.MoveAsync(shard, server, ct);

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private async Task TrySettleAsync(CancellationToken ct)
    {
        try
        {
            await SettleAsync(ct);
            Trouble = null;
        }
        catch (Exception e) when (e is NpgsqlException or ShardNotHereException && !ct.IsCancellationRequested)
        {
            Trouble = e;
        }
    }

    private static NpgsqlDataSource Source(string server, PostgresOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(server);
        var settings = builder.ConnectionStringBuilder;
        settings.MaxPoolSize = options.ConnectionsMax;
        settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        settings.CommandTimeout = Math.Max(1, (options.StatementMs + 999) / 1_000);
        settings.Enlist = false;
        settings.ApplicationName ??= "tidings";
        return builder.Build();
    }
}
