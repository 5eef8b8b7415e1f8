using Tidings.Adapters.Tests.Contracts;
using Tidings.Adapters.Tests.Record;
using Tidings.Redis;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>What can be rebuilt, on a Redis Cluster, beside the embedded record under the contract suites.</summary>
internal static class RedisPorts
{
    public static RedisOptions Options(string servers, string prefix, InboxLayout layout = InboxLayout.Packed) =>
        new() { Servers = servers, KeyPrefix = prefix, InboxLayout = layout, CallMs = 30_000 };

    public static async ValueTask<Ports> OpenAsync(RedisServers servers, TimeProvider clock, InboxLayout layout = InboxLayout.Packed)
    {
        var (addresses, prefix) = await servers.MakeAsync();
        var record = await EmbeddedPorts.OpenAsync(clock);
        var redis = await RedisProfile.OpenAsync(Options(addresses, prefix, layout), clock, CancellationToken.None);
        var carrier = redis.Carrier(record.Affinity, record.Events, 0, () => record.Events.End);
        var ending = new CancellationTokenSource();
        var listening = Task.CompletedTask;
        return new Ports
        {
            People = record.People,
            Credentials = record.Credentials,
            Graph = record.Graph,
            Audiences = record.Audiences,
            Posts = redis.Posts(record.Posts),
            Engagement = record.Engagement,
            Affinity = redis.Affinity(record.Affinity),
            Events = record.Events,
            Modes = record.Modes,
            Presence = redis.Presence,
            Inboxes = redis.Inboxes,
            Snapshots = redis.Snapshots,
            AnnounceAsync = async (local, readers, ct) =>
            {
                var listener = redis.Listener(local, readers);
                listening = listener.RunAsync(ending.Token);
                await (await Task.WhenAny(listener.Listening, listening)).WaitAsync(ct);
                return redis.Announcer;
            },
            Settle = async ct =>
            {
                await redis.LastSign.WaitAsync(ct);
                while (await carrier.StepAsync(ct))
                    ct.ThrowIfCancellationRequested();
            },
            Remove = async () =>
            {
                await ending.CancelAsync();
                await listening.ContinueWith(static _ => { }, TaskScheduler.Default);
                ending.Dispose();
                await redis.DisposeAsync();
                await record.DisposeAsync();
            },
        };
    }
}
