using Tidings.Adapters.Tests.Contracts;
using Tidings.Postgres;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>The record on two PostgreSQL servers under the contract suites.</summary>
internal static class PostgresPorts
{
    public static PostgresOptions Options(string[] servers) => new() { Servers = servers, ConnectionsMax = 40, Graph = SmallLimits.Graph, StatementMs = 60_000 };

    public static async ValueTask<Ports> OpenAsync(PostgresServers servers, TimeProvider clock)
    {
        var (strings, remove) = await servers.MakeAsync();
        var profile = await PostgresProfile.OpenAsync(Options(strings), clock, CancellationToken.None);
        var running = new CancellationTokenSource();
        var run = profile.RunAsync(running.Token);
        return new Ports
        {
            People = profile.People,
            Credentials = profile.Credentials,
            Graph = profile.Graph,
            Audiences = profile.Audiences,
            Posts = profile.Posts,
            Engagement = profile.Engagement,
            Affinity = profile.Affinity,
            Events = profile.Events,
            Modes = profile.Modes,
            Notifications = profile.Notifications,
            SeenPosts = profile.SeenPosts,
            Ranking = profile.Ranking,
            PersonalData = profile.PersonalData,
            NumbersHaveGaps = true,
            ShardOf = person => Tidings.Postgres.Sharding.Shard.Of(person),
            Settle = profile.SettleAsync,
            Remove = async () =>
            {
                await running.CancelAsync();
                await run.ContinueWith(static _ => { }, TaskScheduler.Default);
                await profile.DisposeAsync();
                running.Dispose();
                await remove();
            },
        };
    }
}
