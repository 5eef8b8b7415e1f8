using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class VersionTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task The_entity_tag_is_the_version_and_rises_with_each_edit()
    {
        var writer = await server.JoinAsync("writer");
        using var published = await writer.Client.SendAsync("POST", "/v1/posts", """{"text":"a"}""");
        Assert.Equal("\"1\"", published.Headers.ETag?.Tag);
        var path = published.Headers.Location!.ToString();
        using var edited = await writer.Client.SendAsync("PATCH", path, """{"text":"b"}""", ("If-Match", "\"1\""));
        Assert.Equal("\"2\"", edited.Headers.ETag?.Tag);
        using var read = await writer.Client.SendAsync("GET", path);
        Assert.Equal("\"2\"", read.Headers.ETag?.Tag);
        Assert.False(read.Headers.ETag!.IsWeak);
    }

    [Theory]
    [InlineData("PATCH", "\"7\"")]
    [InlineData("PATCH", "W/\"1\"")]
    [InlineData("PATCH", "\"abc\"")]
    [InlineData("DELETE", "\"7\"")]
    public async Task Another_version_than_the_post_has_fails_the_precondition_and_changes_nothing(string method, string tag)
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var body = method == "PATCH" ? """{"text":"b"}""" : null;
        var problem = await writer.Client.SendAsync(method, $"/v1/posts/{post.Id}", body, ("If-Match", tag))
            .ProblemAsync(HttpStatusCode.PreconditionFailed);
        Assert.Equal("version_conflict", problem.Code);
        Assert.Equal("a", (await writer.Client.PostAsync(post.Id, Ct)).Text);
    }

    [Fact]
    public async Task A_tag_without_its_quotes_is_refused_by_name()
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var problem = await writer.Client.SendAsync("PATCH", $"/v1/posts/{post.Id}", """{"text":"b"}""", ("If-Match", "1")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("If-Match", Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_one_wins()
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var statuses = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => writer.Client.StatusAsync(
            "PATCH", $"/v1/posts/{post.Id}", $$"""{"text":"{{i}}"}""", ("If-Match", "\"1\""))));
        Assert.Single(statuses, 200);
        Assert.Equal(7, statuses.Count(s => s == 412));
        Assert.Equal(2, (await writer.Client.PostAsync(post.Id, Ct)).Version);
    }

    [Fact]
    public async Task Any_version_and_the_right_one_are_edited_and_deleted()
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        Assert.Equal(200, await writer.Client.StatusAsync("PATCH", $"/v1/posts/{post.Id}", """{"text":"b"}""", ("If-Match", "*")));
        Assert.Equal(204, await writer.Client.StatusAsync("DELETE", $"/v1/posts/{post.Id}", null, ("If-Match", "\"2\"")));
        Assert.Equal(404, await writer.Client.StatusAsync("GET", $"/v1/posts/{post.Id}"));
        Assert.Equal(204, await writer.Client.StatusAsync("DELETE", $"/v1/posts/{post.Id}"));
    }

    [Fact]
    public async Task Of_an_edit_and_a_deletion_of_one_version_one_wins()
    {
        var writer = await server.JoinAsync("writer");
        for (var round = 0; round < 8; round++)
        {
            var path = $"/v1/posts/{(await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id}";
            var edit = writer.Client.StatusAsync("PATCH", path, """{"text":"b"}""", ("If-Match", "\"1\""));
            var deletion = writer.Client.StatusAsync("DELETE", path, null, ("If-Match", "\"1\""));
            Assert.Contains((await edit, await deletion), new[] { (200, 412), (404, 204) });
        }
    }

    [Fact]
    public async Task An_edit_that_changes_nothing_is_refused()
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        await writer.Client.SendAsync("PATCH", $"/v1/posts/{post.Id}", "{}").ProblemAsync(HttpStatusCode.BadRequest);
    }
}
