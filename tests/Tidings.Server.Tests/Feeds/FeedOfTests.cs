using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

/// <summary>The clock stands still: with it scores fade, and what a model makes of the ages of two posts of one moment changes.</summary>
public sealed class FeedOfTests(StillServer still) : IClassFixture<StillServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly RunningServer _server = still.Server;

    [Fact]
    public async Task The_operator_sees_what_a_reader_would_see_byte_for_byte()
    {
        var (writer, reader) = (await _server.JoinAsync("writer"), await _server.JoinAsync("reader"));
        await RunningServer.BefriendAsync(writer, reader);
        foreach (var audience in new[] { Audience.Public, Audience.Friends })
            await reader.Client.LikeAsync((await writer.Client.PublishAsync(new PublishRequest("a", Audience: audience), null, Ct)).Id, Ct);
        await _server.SettledAsync();

        var looked = await _server.Admin.SendAsync("GET", $"/v1/admin/people/{reader.Id}/feed").TextAsync();
        var own = await reader.Client.SendAsync("GET", "/v1/feed").TextAsync();
        Assert.Equal(own, looked);
        Assert.Equal(2, (await _server.Admin.FeedOfAsync(reader.Id, null, Ct)).Items.Count(post => post is { Liked: true, Score: > 0 }));

        var page = await _server.Admin.FeedOfAsync(reader.Id, 1, Ct);
        Assert.Equal((1, null, "full", null), (page.Items.Count, page.NextCursor, page.Quality, page.QualityReason));
    }

    [Fact]
    public async Task Nobodys_feed_is_not_there_and_a_limit_is_1_to_100()
    {
        Assert.Equal("person_not_found", (await _server.Admin.SendAsync("GET", "/v1/admin/people/999999/feed").ProblemAsync(HttpStatusCode.NotFound)).Code);
        Assert.Equal("person_not_found", (await _server.Admin.SendAsync("GET", "/v1/admin/people/x/feed").ProblemAsync(HttpStatusCode.NotFound)).Code);
        var reader = await _server.JoinAsync("reader");
        var problem = await _server.Admin.SendAsync("GET", $"/v1/admin/people/{reader.Id}/feed?limit=101").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("limit", Assert.Single(problem.Errors!).Field);
    }
}
