using StackExchange.Redis;
using Tidings.Affinity;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Live;
using Tidings.Posts;
using Tidings.Redis.Affinity;
using Tidings.Redis.Cluster;
using Tidings.Redis.Feeds;
using Tidings.Redis.Live;

namespace Tidings.Redis;

/// <summary>
/// What can be rebuilt, on a Redis Cluster (7.0 or newer), for any number of processes. Each port is a property. All of it may vanish at any moment, and is made
/// again from the record; a cluster that fails over loses what it acknowledged last, so nothing that anybody was promised is here.
/// </summary>
public sealed class RedisProfile : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly ClusterCalls _calls;
    private readonly Keys _keys;
    private readonly Inboxes _inboxes;
    private readonly RedisOptions _options;
    private readonly TimeProvider _clock;

    private RedisProfile(ConnectionMultiplexer connection, ClusterCalls calls, RedisOptions options, TimeProvider clock)
    {
        (_connection, _calls, _options, _clock) = (connection, calls, options, clock);
        var keys = _keys = new Keys(options.KeyPrefix);
        var inboxes = _inboxes = new Inboxes(calls, keys, options, clock);
        Inboxes = inboxes;
        InboxesOfReaders = new PulledWhenAway(inboxes);
        Presence = inboxes;
        Snapshots = new Snapshots(calls, keys, clock);
        Announcer = new ClusterAnnouncer(calls, keys);
    }

    /// <summary>For fan-out, and for what drops: throws where Redis is away.</summary>
    public IInboxes Inboxes { get; }

    /// <summary>For reads: where Redis is away they pull.</summary>
    public IInboxes InboxesOfReaders { get; }

    public IPresence Presence { get; }

    /// <inheritdoc cref="Feeds.Inboxes.LastSign"/>
    internal Task LastSign => _inboxes.LastSign;

    public ISnapshots Snapshots { get; }

    /// <summary>Tells the processes that readers are connected to; each runs a <see cref="LiveListener"/>.</summary>
    public ClusterAnnouncer Announcer { get; }

    /// <summary>The record's posts, with the timelines of those who are pulled in Redis. Some process runs a <see cref="TimelineCarrier"/>.</summary>
    public IPostStore Posts(IPostStore record) => Timelines(record);

    /// <summary>The record's affinity, with that of active readers in Redis. Some process runs an <see cref="AffinityCarrier"/>.</summary>
    public IAffinityStore Affinity(IAffinityStore record) => Affinities(record);

    /// <param name="position">The log's position after which what Redis has may be old.</param>
    /// <param name="reached">The log's position that the record's affinity has come to; its end, where both change at once.</param>
    public AffinityCarrier Carrier(IAffinityStore record, IEventLog log, long position, Func<long> reached) =>
        new(log, Affinities(record), position, reached);

    /// <param name="position">The log's position after which posts may be missing from timelines.</param>
    public TimelineCarrier Carrier(IPostStore record, IEventLog log, long position) => new(log, Timelines(record), position);

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="RedisAwayException">No node of the cluster can be reached.</exception>
    public static async Task<RedisProfile> OpenAsync(RedisOptions options, TimeProvider clock, CancellationToken ct)
    {
        options.Validate();
        ConnectionMultiplexer? connection = null;
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(Settings(options)).WaitAsync(ct);
            return new RedisProfile(connection, await ClusterCalls.OpenAsync(connection), options, clock);
        }
        catch (Exception e) when (e is RedisException or RedisTimeoutException)
        {
            await (connection?.DisposeAsync() ?? default);
            throw new RedisAwayException("The Redis Cluster can't be opened: " + e.Message, e);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <param name="local">Tells those who are connected to this process.</param>
    /// <param name="readers">Them.</param>
    public LiveListener Listener(IAnnouncer local, LiveReaders readers) => new(_connection, _keys, _inboxes, local, readers);

    private AffinityCache Affinities(IAffinityStore record) => new(_calls, _keys, record, _clock);

    private AuthorTimelines Timelines(IPostStore record) => new(_calls, _keys, record, _options.InboxLifetime);

    private static ConfigurationOptions Settings(RedisOptions options)
    {
        var settings = ConfigurationOptions.Parse(options.Servers);
        settings.ClientName ??= "tidings";
        settings.AbortOnConnectFail = true;
        // The client counts reading the cluster's map and loading functions as an operator's work.
        settings.AllowAdmin = true;
        settings.AsyncTimeout = settings.SyncTimeout = options.CallMs;
        // What can't be sent at once is refused: a queue in front of a server that is away only makes all wait that come after.
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        // How soon a failover is noticed where nothing is asked of the new primary yet.
        settings.ConfigCheckSeconds = 1;
        return settings;
    }
}
