using StackExchange.Redis;
using Tidings.People;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Feeds;

/// <summary>
/// Everyone who was here lately, found by looking through all keys of all primaries: there is no list to keep, and none that can be wrong. For roads that nobody
/// waits for: a million keys take some seconds. Whoever pages through the roster gets it from one scan: 8 bytes of memory a reader, until the next scan.
/// </summary>
internal sealed class RosterScan(ClusterCalls calls, Keys keys)
{
    private UserId[] _rising = [];

    /// <summary>Those with an id after the one given, rising. From 0 the keys are looked through anew.</summary>
    public async ValueTask<int> AfterAsync(UserId after, Memory<UserId> into, CancellationToken ct)
    {
        if (after.Value == 0)
            Volatile.Write(ref _rising, await ScanAsync(ct));
        var rising = Volatile.Read(ref _rising);
        var at = Array.BinarySearch(rising, after);
        var rest = rising.AsSpan(at < 0 ? ~at : at + 1);
        var count = Math.Min(rest.Length, into.Length);
        rest[..count].CopyTo(into.Span);
        return count;
    }

    /// <summary>Gives everyone in stretches of at most <see cref="ClusterCalls.KeysPerCallMax"/>, each of one server. Some may come twice.</summary>
    public async Task WalkAsync(Func<IServer, IReadOnlyList<UserId>, Task> stretch, CancellationToken ct)
    {
        var readers = new List<UserId>(ClusterCalls.KeysPerCallMax);
        foreach (var server in await calls.PrimariesAsync())
        {
            try
            {
                await foreach (var key in server.KeysAsync(pattern: keys.SeenPattern, pageSize: ClusterCalls.KeysPerCallMax).WithCancellation(ct))
                {
                    if (keys.ReaderOf((byte[])key!) is not { } reader) continue;
                    readers.Add(reader);
                    if (readers.Count < ClusterCalls.KeysPerCallMax) continue;
                    await stretch(server, readers);
                    readers.Clear();
                }
            }
            catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException)
            {
                throw new RedisAwayException("Redis didn't answer: " + e.Message, e);
            }
            if (readers.Count > 0)
                await stretch(server, readers);
            readers.Clear();
        }
    }

    private async Task<UserId[]> ScanAsync(CancellationToken ct)
    {
        var met = new List<UserId>();
        await WalkAsync((_, stretch) =>
        {
            met.AddRange(stretch);
            return Task.CompletedTask;
        }, ct);
        return [.. met.Distinct().Order()];
    }
}
