using System.Net;
using System.Text.Json;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

public sealed class ImpressionTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Posts_that_were_shown_go_below_new_ones_and_the_page_says_from_where_on()
    {
        // By the first pass alone, which never changes the order of two posts by waiting: what a model makes of their ages does.
        await server.Admin.SetRankingAsync(new RankingRequest(UseModel: false), Ct);
        var writer = await server.JoinAsync("writer");
        var posts = new List<string>();
        for (var i = 0; i < 6; i++)
            posts.Insert(0, (await writer.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct)).Id);
        Assert.Null((await writer.Client.FeedAsync(null, null, null, Ct)).CaughtUpAt);

        await writer.Client.ReportImpressionsAsync(new ImpressionsRequest([new(posts[0], 2_000), new(posts[1]), new(posts[3])]), Ct);
        var page = await writer.Client.FeedAsync(null, null, null, Ct);
        Assert.Equal([posts[2], posts[4], posts[5], posts[0], posts[1], posts[3]], page.Items.Select(p => p.Id));
        Assert.Equal(3, page.CaughtUpAt);

        var latest = await writer.Client.FeedAsync("latest", null, null, Ct);
        Assert.Equal(posts, latest.Items.Select(p => p.Id));
        Assert.Null(latest.CaughtUpAt);
    }

    [Fact]
    public async Task Only_feeds_tell_where_the_reader_has_caught_up()
    {
        var writer = await server.JoinAsync("writer");
        await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        using var feed = JsonDocument.Parse(await writer.Client.SendAsync("GET", "/v1/feed").TextAsync());
        Assert.Equal(JsonValueKind.Null, feed.RootElement.GetProperty("caught_up_at").ValueKind);
        using var list = JsonDocument.Parse(await writer.Client.SendAsync("GET", $"/v1/people/{writer.Id}/posts").TextAsync());
        Assert.False(list.RootElement.TryGetProperty("caught_up_at", out _));
    }

    [Theory]
    [InlineData("""{"items":[]}""", "items")]
    [InlineData("""{"items":[{"post":"x"}]}""", "post")]
    [InlineData("""{"items":[null]}""", "post")]
    [InlineData("""{"items":[{"post":"1","dwell_ms":-1}]}""", "dwell_ms")]
    [InlineData("""{"items":[{"post":"1","dwell_ms":86400001}]}""", "dwell_ms")]
    public async Task A_report_that_breaks_a_rule_is_refused(string body, string field)
    {
        var reader = await server.JoinAsync("reader");
        var problem = await reader.Client.SendAsync("POST", "/v1/feed/impressions", body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(field, Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task A_report_has_at_most_a_hundred_posts_and_passes_over_those_that_are_not_there()
    {
        var reader = await server.JoinAsync("reader");
        var items = Enumerable.Range(1, 101).Select(i => new ImpressionItem($"{i}")).ToArray();
        await reader.Client.ReportImpressionsAsync(new ImpressionsRequest(items[..100]), Ct);
        Assert.Equal(400, await reader.Client.StatusAsync(
            "POST", "/v1/feed/impressions", JsonSerializer.Serialize(new ImpressionsRequest(items), WireJson.Wire.ImpressionsRequest)));
    }
}
