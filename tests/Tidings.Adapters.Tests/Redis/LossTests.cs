using System.Diagnostics;
using StackExchange.Redis;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>Redis loses all that it has, and primaries die, while people publish and read. Afterwards every inbox is what a fresh pull gives.</summary>
public sealed class LossTests
{
    private const int Losses = 3, PostsBetween = 120;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inboxes_that_are_lost_altogether_under_load_are_rebuilt_equal()
    {
        await using var world = await LossWorld.StartAsync(Ct);
        for (var loss = 0; loss < Losses; loss++)
        {
            await world.PostsAsync(PostsBetween, Ct);
            await using var connection = await ConnectionMultiplexer.ConnectAsync(world.Cluster.Servers + ",allowAdmin=true");
            foreach (var primary in await PrimariesAsync(connection))
                await connection.GetServer(primary.EndPoint!).FlushAllDatabasesAsync();
        }
        await world.PostsAsync(PostsBetween, Ct);
        Say(world, Compared(await world.SettleAsync(Ct), world), $"{Losses} times everything lost");
    }

    [Fact]
    public async Task A_killed_primary_is_replaced_and_what_its_replica_lacked_is_rebuilt()
    {
        await using var world = await LossWorld.StartAsync(Ct);
        await world.PostsAsync(PostsBetween, Ct);
        var (killed, reader) = await PrimaryOfSomebodyAsync(world);
        var away = await AwayWhileAsync(world, reader, killed.KillAsync);

        // The one that was killed comes back as a replica, and takes over in its turn from the one that replaced it.
        await killed.StartAsync(Ct);
        await killed.LineAsync("MASTER <-> REPLICA sync: Finished with success", Ct);
        await world.PostsAsync(PostsBetween, Ct);
        var (second, _) = await PrimaryOfAsync(world, reader);
        Assert.NotEqual(killed, second);
        var awayAgain = await AwayWhileAsync(world, reader, second.KillAsync);
        await world.PostsAsync(PostsBetween, Ct);

        var (last, _) = await PrimaryOfAsync(world, reader);
        Assert.Equal(killed, last);
        Say(world, Compared(await world.SettleAsync(Ct), world),
            $"2 primaries killed, their readers without inboxes for {away.TotalSeconds:0.0} and {awayAgain.TotalSeconds:0.0} s (node timeout {LossWorld.NodeTimeoutMs} ms)");
        Assert.NotEqual(0, world.Refused);
    }

    [Fact]
    public async Task Slots_that_move_to_another_server_under_load_lose_nothing()
    {
        const int slots = 1_500;
        await using var world = await LossWorld.StartAsync(Ct);
        await world.PostsAsync(PostsBetween, Ct);
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(world.Cluster.Servers + ",allowAdmin=true"))
        {
            var primaries = await PrimariesAsync(connection);
            await world.Cluster.MoveSlotsAsync(primaries[0].NodeId, primaries[1].NodeId, slots, Ct);
            var after = (await PrimariesAsync(connection)).Single(node => node.NodeId == primaries[1].NodeId);
            Assert.Equal(SlotsOf(primaries[1]) + slots, SlotsOf(after));
        }
        await world.PostsAsync(PostsBetween, Ct);
        Say(world, Compared(await world.SettleAsync(Ct), world), $"{slots} slots moved");
    }

    /// <summary>Those that have slots: that a node is a replica, the others hear a little later than that there is one.</summary>
    private static async Task<ClusterNode[]> PrimariesAsync(ConnectionMultiplexer connection) =>
        [.. (await connection.GetServers()[0].ClusterNodesAsync())!.Nodes.Where(node => node.Slots.Count > 0)];

    private static int SlotsOf(ClusterNode node) => node.Slots.Sum(range => range.To - range.From + 1);

    private static AuditFigures Compared(AuditFigures figures, LossWorld world)
    {
        Assert.Equal(world.ReaderIds.Length, figures.Compared);
        Assert.Equal((0, 0), (figures.Missing, figures.Extra.Unexplained));
        Assert.NotEqual(0, figures.Present);
        return figures;
    }

    private static void Say(LossWorld world, AuditFigures figures, string what) => TestContext.Current.TestOutputHelper!.WriteLine(
        $"{what}; {world.Posts} posts, {world.Pages} pages read (99 % within {world.PageTimes.P99Ms:0.0} ms, all within {world.PageTimes.MaxMs:0} ms), {world.Refused} slices done again; {figures.Present} entries in {figures.Compared} inboxes, {figures.Missing} missing; {world.Live.Told} live updates, {world.Live.Resyncs} resyncs");

    /// <summary>From the act to the first read of the reader's inbox that is answered again.</summary>
    private static async Task<TimeSpan> AwayWhileAsync(LossWorld world, UserId reader, Func<Task> act)
    {
        var (inboxes, into) = (world.Redis.Inboxes, new PostId[20]);
        await world.ReadAsync(reader, Ct);
        Assert.NotEqual(InboxRead.Missing, await inboxes.PeekAsync(reader, into, Ct));
        var began = Stopwatch.GetTimestamp();
        await act();
        using var rhythm = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await rhythm.WaitForNextTickAsync(Ct))
        {
            try
            {
                await inboxes.PeekAsync(reader, into, Ct);
                break;
            }
            catch (RedisAwayException)
            {
                // Not yet.
            }
        }
        return Stopwatch.GetElapsedTime(began);
    }

    private static Task<(RedisNode Node, UserId Reader)> PrimaryOfSomebodyAsync(LossWorld world) => PrimaryOfAsync(world, world.ReaderIds[0]);

    private static async Task<(RedisNode Node, UserId Reader)> PrimaryOfAsync(LossWorld world, UserId reader)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(world.Cluster.Servers + ",allowAdmin=true");
        var nodes = await connection.GetServers().First(server => server.IsConnected).ClusterNodesAsync();
        var owner = nodes!.GetBySlot($"feed:{{{reader}}}")!.EndPoint!.ToString();
        return (world.Cluster.Nodes.Single(node => node.Address == owner), reader);
    }
}
