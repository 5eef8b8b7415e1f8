using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

public sealed class PopularTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task What_is_popular_is_there_for_whoever_follows_nobody_and_fresh_after_five_seconds()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        await using var server = new RunningServer(clock, o => o);
        await server.InitializeAsync();
        var (writer, newcomer) = (await server.JoinAsync("writer"), await server.JoinAsync("newcomer"));
        var (plain, liked) = ((await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id, (await writer.Client.PublishAsync(new PublishRequest("b"), null, Ct)).Id);
        await newcomer.Client.LikeAsync(liked, Ct);
        Assert.Empty((await newcomer.Client.PopularAsync(null, Ct)).Items);

        clock.Advance(TimeSpan.FromSeconds(5));
        await RunningServer.UntilAsync(() => server.Get<PopularPosts>().Kept.Count == 2);
        var popular = await newcomer.Client.PopularAsync(null, Ct);
        Assert.Equal([(liked, true), (plain, false)], popular.Items.Select(post => (post.Id, post.Liked)));
        Assert.Null(popular.NextCursor);
        Assert.Equal([liked], (await newcomer.Client.PopularAsync(1, Ct)).Items.Select(post => post.Id));

        await writer.Client.BlockAsync(newcomer.Id, Ct);
        Assert.Empty((await newcomer.Client.PopularAsync(null, Ct)).Items);
        var problem = await newcomer.Client.SendAsync("GET", "/v1/popular?limit=101").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("limit", Assert.Single(problem.Errors!).Field);
    }
}
