using Xunit;

[assembly: AssemblyFixture(typeof(Tidings.Adapters.Tests.Redis.RedisServers))]

namespace Tidings.Adapters.Tests.Redis;

/// <summary>One cluster for all contract suites of a run, started by the first test that needs it. Each test has a prefix of its own.</summary>
public sealed class RedisServers : IAsyncDisposable
{
    private const string Missing = "Needs Redis 7 or newer: install the package redis-server.";

    /// <summary>Long: nothing is meant to fail over here, and the machine may be busy.</summary>
    private const int NodeTimeoutMs = 15_000;

    private static int _prefixes;
    private readonly Lazy<Task<RedisCluster>> _cluster = new(() => RedisCluster.StartAsync(NodeTimeoutMs, CancellationToken.None));

    /// <summary>Skips the test where there is no Redis, and fails it in continuous integration.</summary>
    internal static void Require()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(RedisCluster.IsInstalled, Missing);
        else
            Assert.SkipUnless(RedisCluster.IsInstalled, Missing);
    }

    internal async Task<(string Servers, string Prefix)> MakeAsync()
    {
        Require();
        var cluster = await _cluster.Value;
        return (cluster.Servers, $"t{Interlocked.Increment(ref _prefixes)}:");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
            await (await _cluster.Value).DisposeAsync();
    }
}
