using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class PagingTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public async Task A_limit_is_1_to_100(string limit)
    {
        var someone = await server.JoinAsync("someone");
        foreach (var path in new[] { "/v1/feed", "/v1/me/blocks", $"/v1/people/{someone.Id}/posts" })
        {
            var problem = await someone.Client.SendAsync("GET", $"{path}?limit={limit}").ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal("limit", Assert.Single(problem.Errors!).Field);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAA")]
    [InlineData("%F0%9F%98%80AAAAAAAAA")]
    [InlineData("__________8")]
    public async Task A_cursor_that_was_never_given_is_refused(string cursor)
    {
        var someone = await server.JoinAsync("someone");
        foreach (var path in new[] { "/v1/feed", "/v1/feed?order=latest", "/v1/me/blocks", $"/v1/people/{someone.Id}/posts" })
        {
            var problem = await someone.Client.SendAsync("GET", $"{path}{(path.Contains('?') ? '&' : '?')}cursor={cursor}")
                .ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal("invalid_cursor", problem.Code);
        }
    }

    [Fact]
    public async Task A_walk_through_a_list_meets_everybody_once_and_ends()
    {
        var owner = await server.JoinAsync("owner");
        var followers = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            var follower = await server.JoinAsync("follower");
            await follower.Client.FollowAsync(owner.Id, Ct);
            followers.Add(follower.Id);
        }

        var met = new List<string>();
        string? cursor = null;
        do
        {
            var page = await owner.Client.FollowersAsync(owner.Id, 3, cursor, Ct);
            Assert.InRange(page.Items.Count, 1, 3);
            met.AddRange(page.Items.Select(p => p.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal(followers, met);
    }

    [Fact]
    public async Task A_page_that_ends_exactly_at_the_end_has_no_next()
    {
        var owner = await server.JoinAsync("owner");
        for (var i = 0; i < 3; i++)
            await (await server.JoinAsync("follower")).Client.FollowAsync(owner.Id, Ct);
        Assert.Null((await owner.Client.FollowersAsync(owner.Id, 3, null, Ct)).NextCursor);
    }

    [Fact]
    public async Task The_next_page_is_told_in_the_link_header_too()
    {
        var owner = await server.JoinAsync("owner");
        for (var i = 0; i < 5; i++)
            await owner.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct);
        foreach (var path in new[] { "/v1/feed?limit=2", "/v1/feed?order=latest&limit=2", $"/v1/people/{owner.Id}/posts?limit=2" })
        {
            var seen = new List<string>();
            for (var next = path; next is not null;)
            {
                using var answer = await owner.Client.SendAsync("GET", next);
                var page = System.Text.Json.JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(Ct), WireJson.Wire.PagePostView)!;
                seen.AddRange(page.Items.Select(p => p.Text));
                next = answer.Headers.TryGetValues("Link", out var links) ? links.Single()[1..].Split('>')[0] : null;
                Assert.Equal(page.NextCursor is null, next is null);
            }
            Assert.Equal(["4", "3", "2", "1", "0"], path.Contains("order") || path.Contains("posts") ? seen : seen.OrderDescending());
        }
    }

    [Fact]
    public async Task A_feed_cursor_serves_nobody_else()
    {
        var one = await server.JoinAsync("one");
        var other = await server.JoinAsync("other");
        for (var i = 0; i < 3; i++)
            await one.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct);
        var cursor = (await one.Client.FeedAsync(null, 1, null, Ct)).NextCursor;
        Assert.NotNull(cursor);
        Assert.Equal("invalid_cursor", (await other.Client.SendAsync("GET", $"/v1/feed?cursor={cursor}").ProblemAsync(HttpStatusCode.BadRequest)).Code);
        Assert.Equal("invalid_cursor", (await one.Client.SendAsync("GET", $"/v1/feed?order=latest&cursor={cursor}").ProblemAsync(HttpStatusCode.BadRequest)).Code);
        Assert.Single((await one.Client.FeedAsync(null, 1, cursor, Ct)).Items);
    }
}
