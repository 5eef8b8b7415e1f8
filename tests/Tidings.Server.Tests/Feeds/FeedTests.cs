using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

public sealed class FeedTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_post_reaches_those_who_follow_and_nobody_else()
    {
        var (writer, reader, stranger) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"), await server.JoinAsync("stranger"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        Assert.Empty((await reader.Client.FeedAsync(null, null, null, Ct)).Items);
        var post = await writer.Client.PublishAsync(new PublishRequest("news"), null, Ct);
        await server.SettledAsync();
        Assert.Equal([post.Id], await FeedOf(reader));
        Assert.Equal([post.Id], await FeedOf(writer));
        Assert.Empty(await FeedOf(stranger));
    }

    [Fact]
    public async Task What_may_not_be_seen_any_more_is_gone_from_the_next_page_on()
    {
        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        var posts = new List<string>();
        for (var i = 0; i < 4; i++)
            posts.Add((await writer.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct)).Id);
        await server.SettledAsync();
        Assert.Equal(4, (await FeedOf(reader)).Count);

        await writer.Client.DeletePostAsync(posts[0], Ct);
        await writer.Client.EditPostAsync(posts[1], new EditPostRequest(Audience: Audience.Friends), null, Ct);
        await reader.Client.HideAsync(posts[2], Ct);
        Assert.Equal([posts[3]], await FeedOf(reader));
        await reader.Client.UnhideAsync(posts[2], Ct);
        await reader.Client.MuteAsync(writer.Id, Ct);
        Assert.Empty(await FeedOf(reader));
        await reader.Client.UnmuteAsync(writer.Id, Ct);
        Assert.Equal([posts[3], posts[2]], await FeedOf(reader));
        await reader.Client.UnfollowAsync(writer.Id, Ct);
        Assert.Empty(await FeedOf(reader));
    }

    [Fact]
    public async Task Ranked_posts_tell_their_score_and_latest_ones_have_none()
    {
        var writer = await server.JoinAsync("writer");
        await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        Assert.True((await writer.Client.FeedAsync("ranked", null, null, Ct)).Items.Single().Score > 0);
        Assert.Null((await writer.Client.FeedAsync("latest", null, null, Ct)).Items.Single().Score);
    }

    [Fact]
    public async Task There_are_two_orders()
    {
        var someone = await server.JoinAsync("someone");
        var problem = await someone.Client.SendAsync("GET", "/v1/feed?order=best").ProblemAsync(System.Net.HttpStatusCode.BadRequest);
        Assert.Equal("order", Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task A_walk_shows_every_post_once_though_others_are_published_meanwhile()
    {
        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        var before = new List<string>();
        for (var i = 0; i < 25; i++)
            before.Add((await writer.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct)).Id);
        foreach (var order in new[] { "ranked", "latest" })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await reader.Client.FeedAsync(order, 10, cursor, Ct);
                seen.AddRange(page.Items.Select(p => p.Id));
                cursor = page.NextCursor;
                await writer.Client.PublishAsync(new PublishRequest("meanwhile"), null, Ct);
                await server.SettledAsync();
            }
            while (cursor is not null);
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Superset(before.ToHashSet(), seen.ToHashSet());
        }
    }

    private static async Task<IReadOnlyList<string>> FeedOf(Someone reader) =>
        [.. (await reader.Client.FeedAsync("latest", null, null, Ct)).Items.Select(p => p.Id)];
}
