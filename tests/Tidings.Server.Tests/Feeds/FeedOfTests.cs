using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

public sealed class FeedOfTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task The_operator_sees_what_a_reader_would_see_byte_for_byte()
    {
        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await RunningServer.BefriendAsync(writer, reader);
        foreach (var audience in new[] { Audience.Public, Audience.Friends })
            await reader.Client.LikeAsync((await writer.Client.PublishAsync(new PublishRequest("a", Audience: audience), null, Ct)).Id, Ct);
        await server.SettledAsync();

        var looked = await server.Admin.SendAsync("GET", $"/v1/admin/people/{reader.Id}/feed").TextAsync();
        var own = await reader.Client.SendAsync("GET", "/v1/feed").TextAsync();
        // But for the scores, which fade from one to the other.
        Assert.Equal(WithoutScores(own), WithoutScores(looked));
        Assert.Equal(2, (await server.Admin.FeedOfAsync(reader.Id, null, Ct)).Items.Count(post => post is { Liked: true, Score: > 0 }));

        var page = await server.Admin.FeedOfAsync(reader.Id, 1, Ct);
        Assert.Equal((1, null, "full", null), (page.Items.Count, page.NextCursor, page.Quality, page.QualityReason));
    }

    [Fact]
    public async Task Nobodys_feed_is_not_there_and_a_limit_is_1_to_100()
    {
        Assert.Equal("person_not_found", (await server.Admin.SendAsync("GET", "/v1/admin/people/999999/feed").ProblemAsync(HttpStatusCode.NotFound)).Code);
        Assert.Equal("person_not_found", (await server.Admin.SendAsync("GET", "/v1/admin/people/x/feed").ProblemAsync(HttpStatusCode.NotFound)).Code);
        var reader = await server.JoinAsync("reader");
        var problem = await server.Admin.SendAsync("GET", $"/v1/admin/people/{reader.Id}/feed?limit=101").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("limit", Assert.Single(problem.Errors!).Field);
    }

    private static string WithoutScores(string page) => System.Text.RegularExpressions.Regex.Replace(page, "\"score\":[^}]+", "");
}
