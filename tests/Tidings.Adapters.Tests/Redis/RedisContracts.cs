using Tidings.Adapters.Tests.Contracts;
using Tidings.Redis;

namespace Tidings.Adapters.Tests.Redis;

public sealed class RedisInboxes(RedisServers servers) : InboxesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}

public sealed class RedisSortedInboxes(RedisServers servers) : InboxesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock, InboxLayout.SortedSet);
}

public sealed class RedisPresence(RedisServers servers) : PresenceContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}

public sealed class RedisSortedPresence(RedisServers servers) : PresenceContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock, InboxLayout.SortedSet);
}

public sealed class RedisSnapshots(RedisServers servers) : SnapshotsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}

public sealed class RedisPosts(RedisServers servers) : PostsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}

public sealed class RedisAnnouncer(RedisServers servers) : AnnouncerContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}

public sealed class RedisAffinity(RedisServers servers) : AffinityContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => RedisPorts.OpenAsync(servers, clock);
}
