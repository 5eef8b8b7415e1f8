using StackExchange.Redis;

namespace Tidings.Redis.Cluster;

/// <summary>Which primary has each of the 16,384 slots, as the cluster said last. A hint: a server refuses what isn't its own, and then the map is read again.</summary>
internal sealed class SlotMap(IServer?[] servers)
{
    public const int Slots = 16_384;

    public IServer? this[int slot] => servers[slot];

    public IEnumerable<IServer> Primaries => servers.OfType<IServer>().Distinct();

    public static async Task<SlotMap> ReadAsync(IConnectionMultiplexer connection)
    {
        RedisException? last = null;
        foreach (var server in connection.GetServers().Where(server => server.IsConnected))
        {
            try
            {
                if (await server.ClusterNodesAsync() is { } nodes)
                    return Of(connection, nodes);
            }
            catch (RedisException e)
            {
                // The next one knows.
                last = e;
            }
        }
        throw new RedisAwayException("No node of the Redis Cluster can be reached.", last);
    }

    private static SlotMap Of(IConnectionMultiplexer connection, ClusterConfiguration nodes)
    {
        var servers = new IServer?[Slots];
        foreach (var node in nodes.Nodes.Where(node => node is { IsReplica: false, IsFail: false, EndPoint: not null }))
        {
            var server = connection.GetServer(node.EndPoint!);
            foreach (var range in node.Slots)
                Array.Fill(servers, server, range.From, range.To - range.From + 1);
        }
        return new SlotMap(servers);
    }
}
