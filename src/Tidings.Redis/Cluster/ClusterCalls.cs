using StackExchange.Redis;
using Tidings.People;

namespace Tidings.Redis.Cluster;

/// <summary>
/// Calls functions of the <see cref="FunctionLibrary"/>.
/// <list type="number">
/// <item>A call about one owner goes where its key is; the connection follows where the key has moved.</item>
/// <item>A call about many owners is one call to each primary with its share of the keys, at most <see cref="KeysPerCallMax"/> in each, so that no call
/// stops a server for longer than about a millisecond. Where the map turns out to be old the share is called key by key: functions can be repeated.</item>
/// <item>A server that lacks the library (it is new, or was started again) gets it, and the call is made once more.</item>
/// <item>What a server has that isn't connected fails at once, and the map is read again, so that nobody waits where others have waited.</item>
/// <item>Whatever keeps the cluster from answering leaves here as <see cref="RedisAwayException"/>; an error in a function stays what it is.</item>
/// </list>
/// </summary>
internal sealed class ClusterCalls(IConnectionMultiplexer connection, SlotMap map)
{
    public const int KeysPerCallMax = 256;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private const string NoFunction = "ERR Function not found";

    private readonly IDatabase _database = connection.GetDatabase();
    private volatile SlotMap _map = map;
    private long _lookedAt;

    public IDatabase Database => _database;

    public static async Task<ClusterCalls> OpenAsync(IConnectionMultiplexer connection)
    {
        var calls = new ClusterCalls(connection, await SlotMap.ReadAsync(connection));
        await calls.LoadAsync();
        return calls;
    }

    /// <summary>All primaries, as the cluster has them now.</summary>
    public async Task<IReadOnlyList<IServer>> PrimariesAsync()
    {
        _map = await SlotMap.ReadAsync(connection);
        return [.. _map.Primaries];
    }

    /// <summary>Calls a function about one owner.</summary>
    /// <param name="keys">All the owner's.</param>
    public async Task<RedisResult> OneAsync(string function, RedisKey[] keys, RedisValue[] args, CancellationToken ct)
    {
        var slot = connection.HashSlot(keys[0]);
        if (_map[slot] is not { IsConnected: true })
        {
            await LookAgainAsync();
            if (_map[slot] is not { IsConnected: true })
            {
                RedisTelemetry.Away.Add(1);
                throw new RedisAwayException("The Redis server that has this can't be reached, and no other has taken over yet.", null);
            }
        }
        object[] all = [FunctionLibrary.Function(function), keys.Length, .. keys, .. args];
        return await TwiceAsync(() => _database.ExecuteAsync("FCALL", all, CommandFlags.DemandMaster), ct);
    }

    /// <summary>Tells all who listen to a channel. Calls that begin one after the other arrive in that order.</summary>
    /// <returns>How many connections it went to.</returns>
    public async Task<long> PublishAsync(RedisChannel channel, byte[] message, CancellationToken ct)
    {
        try
        {
            return await _database.PublishAsync(channel, message).WaitAsync(ct);
        }
        catch (Exception e) when (IsAway(e))
        {
            RedisTelemetry.Away.Add(1);
            throw new RedisAwayException("Redis didn't answer: " + e.Message, e);
        }
    }

    /// <summary>Calls a function about many owners.</summary>
    /// <param name="args">What stands before the keys.</param>
    /// <param name="answered">An answer, and the places of the keys that it is about. Calls don't overlap.</param>
    public async Task ManyAsync(
        string function, RedisValue[] args, byte[][] keys, Action<RedisResult, int[]> answered, CancellationToken ct)
    {
        var shares = Shares(keys);
        var calls = shares.Select(share => ShareAsync(function, args, keys, share, ct)).ToArray();
        for (var i = 0; i < calls.Length; i++)
        {
            foreach (var (answer, places) in await calls[i])
                answered(answer, places);
        }
    }

    /// <summary>Calls a function about keys that one server has.</summary>
    /// <exception cref="RedisServerException">Also where the server hasn't all of them.</exception>
    public Task<RedisResult> ServerAsync(IServer server, string function, RedisValue[] args, IEnumerable<byte[]> keys, CancellationToken ct)
    {
        object[] all = [FunctionLibrary.Function(function), 0, .. args, .. keys];
        return TwiceAsync(() => server.ExecuteAsync("FCALL", all, CommandFlags.NoRedirect), ct);
    }

    private async Task<IReadOnlyList<(RedisResult Answer, int[] Places)>> ShareAsync(
        string function, RedisValue[] args, byte[][] keys, (IServer? Server, int[] Places) share, CancellationToken ct)
    {
        if (share.Server is { IsConnected: true } server)
        {
            try
            {
                return [(await ServerAsync(server, function, args, share.Places.Select(place => keys[place]), ct), share.Places)];
            }
            catch (RedisServerException e) when (IsElsewhere(e))
            {
                // The map is old.
            }
            catch (RedisAwayException)
            {
                // Another server may have taken over: whoever asks next shall know.
                await LookAgainAsync();
                throw;
            }
        }
        await LookAgainAsync();
        var answers = new List<(RedisResult, int[])>(share.Places.Length);
        foreach (var place in share.Places)
            answers.Add((await OneAsync(function, [keys[place]], [.. args, keys[place]], ct), [place]));
        return answers;
    }

    /// <summary>Reads the map again, unless that was done a moment ago.</summary>
    private async Task LookAgainAsync()
    {
        var (now, last) = (TimeProvider.System.GetTimestamp(), Volatile.Read(ref _lookedAt));
        if (TimeProvider.System.GetElapsedTime(last, now) < BetweenLooks || Interlocked.CompareExchange(ref _lookedAt, now, last) != last)
            return;
        _map = await SlotMap.ReadAsync(connection);
    }

    private List<(IServer? Server, int[] Places)> Shares(byte[][] keys)
    {
        var slots = _map;
        var (owners, places) = (new List<IServer?>(), new List<List<int>>());
        for (var i = 0; i < keys.Length; i++)
        {
            var owner = slots[connection.HashSlot(keys[i])];
            var at = owners.IndexOf(owner);
            if (at < 0)
            {
                (at, owners) = (owners.Count, [.. owners, owner]);
                places.Add(new List<int>(keys.Length / 2));
            }
            places[at].Add(i);
        }
        return [.. owners.Zip(places).SelectMany(of => of.Second.Chunk(KeysPerCallMax).Select(some => (of.First, some)))];
    }

    private async Task<RedisResult> TwiceAsync(Func<Task<RedisResult>> call, CancellationToken ct)
    {
        try
        {
            try
            {
                return await call().WaitAsync(ct);
            }
            catch (RedisServerException e) when (e.Message.StartsWith(NoFunction, StringComparison.Ordinal))
            {
                await LoadAsync();
                return await call().WaitAsync(ct);
            }
        }
        catch (Exception e) when (IsAway(e) && !(e is RedisServerException refused && IsElsewhere(refused)))
        {
            RedisTelemetry.Away.Add(1);
            throw new RedisAwayException("Redis didn't answer: " + e.Message, e);
        }
    }

    /// <summary>Loads the library where it is missing; it goes to the replicas by itself.</summary>
    private async Task LoadAsync()
    {
        foreach (var server in await PrimariesAsync())
        {
            try
            {
                await server.ExecuteAsync("FUNCTION", ["LOAD", FunctionLibrary.Code], CommandFlags.NoRedirect);
            }
            catch (RedisServerException e) when (e.Message.Contains("already exists", StringComparison.Ordinal))
            {
                // Another process was here before, or the server has kept it.
            }
        }
    }

    /// <summary>The keys of a call about many have moved to another server, or are on their way.</summary>
    private static bool IsElsewhere(RedisServerException e) =>
        e.Message.Contains("non local key", StringComparison.Ordinal) || StartsWith(e, "MOVED", "ASK", "TRYAGAIN", "READONLY");

    private static bool IsAway(Exception e) =>
        e is RedisConnectionException or RedisTimeoutException
        || (e is RedisServerException refused && (StartsWith(refused, "CLUSTERDOWN", "LOADING", "MASTERDOWN", "NOREPLICAS", "TRYAGAIN", "OOM", "READONLY", "MOVED", "ASK")
            || refused.Message.Contains("cluster is down", StringComparison.Ordinal)));

    private static bool StartsWith(RedisServerException e, params ReadOnlySpan<string> codes)
    {
        foreach (var code in codes)
        {
            if (e.Message.StartsWith(code, StringComparison.Ordinal)) return true;
        }
        return false;
    }
}
