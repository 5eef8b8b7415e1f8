using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Admin;

public sealed class AuthorCostTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Authors_are_told_by_what_their_posts_cost_with_how_they_are_brought()
    {
        await using var server = new RunningServer(TimeProvider.System, o => o with { PullThreshold = 3 });
        await server.InitializeAsync();
        Assert.Empty((await server.Admin.AuthorCostsAsync(null, Ct)).Items);
        var (small, large) = (await server.JoinAsync("small"), await server.JoinAsync("large"));
        var readers = new[] { await server.JoinAsync("a"), await server.JoinAsync("b"), await server.JoinAsync("c") };
        for (var i = 0; i < 3; i++)
        {
            await readers[i].Client.FollowAsync(large.Id, Ct);
            if (i < 2) await readers[i].Client.FollowAsync(small.Id, Ct);
            await readers[i].Client.FeedAsync(null, null, null, Ct);
        }
        await server.SettledAsync();
        for (var i = 0; i < 4; i++)
            await small.Client.PublishAsync(new PublishRequest("s"), null, Ct);
        await large.Client.PublishAsync(new PublishRequest("l"), null, Ct);
        await server.SettledAsync();

        var costs = await server.Admin.AuthorCostsAsync(null, Ct);
        Assert.Equal(300, costs.HalfLifeSeconds);
        Assert.Equal([small.Id, large.Id], costs.Items.Select(item => item.Author.Id));
        Assert.Equal([("push", 2), ("pull", 3)], costs.Items.Select(item => (item.Mode, item.Followers)));
        // Eight deliveries, and one post that is left to be pulled.
        Assert.Equal(8 / 9.0, costs.Items[0].Share, 2);
        Assert.Equal(costs.DeliveriesPerMinute, costs.Items.Sum(item => item.DeliveriesPerMinute), 3);
        Assert.Equal(2, costs.Items[0].DeliveriesPerMinute / costs.Items[0].PostsPerMinute, 2);
        Assert.Single((await server.Admin.AuthorCostsAsync(1, Ct)).Items);
        var problem = await server.Admin.SendAsync("GET", "/v1/admin/authors/costs?limit=0").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("limit", Assert.Single(problem.Errors!).Field);
    }
}
