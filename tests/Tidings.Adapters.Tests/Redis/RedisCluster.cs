using System.Diagnostics;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>A Redis Cluster of our own: three primaries and a replica of each.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Primaries = 3;

    private readonly List<RedisNode> _nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>The primaries first, as long as none has failed over.</summary>
    public IReadOnlyList<RedisNode> Nodes => _nodes;

    public string Servers => string.Join(',', _nodes.Select(node => node.Address));

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")) && File.Exists(Path.Combine(folder, "redis-cli")));

    /// <param name="nodeTimeoutMs">How long a node is silent before the others call it failed.</param>
    public static async Task<RedisCluster> StartAsync(int nodeTimeoutMs, CancellationToken ct)
    {
        var cluster = new RedisCluster();
        try
        {
            for (var i = 0; i < 2 * Primaries; i++)
                cluster._nodes.Add(await RedisNode.StartAsync(nodeTimeoutMs, ct));
            await RunAsync(["--cluster", "create", .. cluster._nodes.Select(node => node.Address), "--cluster-replicas", "1", "--cluster-yes"], ct);
            await Task.WhenAll(cluster._nodes.Select(node => node.LineAsync("Cluster state changed: ok", ct)));
            await Task.WhenAll(cluster._nodes.Skip(Primaries).Select(node => node.LineAsync("MASTER <-> REPLICA sync: Finished with success", ct)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Moves slots with all their keys from one primary to another, by their nodes' ids.</summary>
    public Task MoveSlotsAsync(string from, string to, int slots, CancellationToken ct) => RunAsync(
        ["--cluster", "reshard", _nodes[0].Address, "--cluster-from", from, "--cluster-to", to, "--cluster-slots", $"{slots}", "--cluster-yes"], ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private static async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"redis-cli: {await output}{await error}");
    }
}
