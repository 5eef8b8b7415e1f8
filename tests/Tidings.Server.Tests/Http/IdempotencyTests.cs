using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class IdempotencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task The_same_request_with_the_same_key_is_done_once_and_answered_byte_for_byte_the_same()
    {
        var writer = await server.JoinAsync("writer");
        using var first = await writer.Client.SendAsync("POST", "/v1/posts", """{"text":"a","type":"text"}""", ("Idempotency-Key", "k"));
        var body = await first.Content.ReadAsByteArrayAsync(Ct);
        var id = (await writer.Client.PostsOfAsync(writer.Id, null, null, Ct)).Items.Single().Id;
        await writer.Client.EditMeAsync(new EditProfileRequest("Another name"), Ct);
        await writer.Client.EditPostAsync(id, new EditPostRequest("b"), null, Ct);
        await writer.Client.LikeAsync(id, Ct);

        using var again = await writer.Client.SendAsync("POST", "/v1/posts", """{ "type" : "text", "text" : "a" }""", ("Idempotency-Key", "k"));
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(body, await again.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Single((await writer.Client.PostsOfAsync(writer.Id, null, null, Ct)).Items);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var writer = await server.JoinAsync("writer");
        await writer.Client.PublishAsync(new PublishRequest("a"), "k", Ct);
        var problem = await writer.Client.SendAsync("POST", "/v1/posts", """{"text":"b"}""", ("Idempotency-Key", "k"))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("idempotency_key_reused", problem.Code);
    }

    [Fact]
    public async Task Keys_of_different_people_have_nothing_to_do_with_each_other()
    {
        var one = await server.JoinAsync("one");
        var other = await server.JoinAsync("other");
        var posts = new[]
        {
            await one.Client.PublishAsync(new PublishRequest("a"), "k", Ct), await other.Client.PublishAsync(new PublishRequest("a"), "k", Ct),
        };
        Assert.NotEqual(posts[0].Id, posts[1].Id);
    }

    [Fact]
    public async Task A_request_sent_many_times_at_once_makes_one_post()
    {
        var writer = await server.JoinAsync("writer");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => writer.Client.PublishAsync(new PublishRequest("a"), "k", Ct)));
        Assert.Single(answers.Select(a => a.Id).Distinct());
        Assert.Single((await writer.Client.PostsOfAsync(writer.Id, null, null, Ct)).Items);
    }

    [Fact]
    public async Task A_comment_is_made_once_and_its_key_does_not_serve_another_post()
    {
        var writer = await server.JoinAsync("writer");
        var one = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var other = await writer.Client.PublishAsync(new PublishRequest("b"), null, Ct);
        var first = await writer.Client.SendAsync("POST", $"/v1/posts/{one.Id}/comments", """{"text":"c"}""", ("Idempotency-Key", "c")).TextAsync();
        var again = await writer.Client.SendAsync("POST", $"/v1/posts/{one.Id}/comments", """{"text":"c"}""", ("Idempotency-Key", "c")).TextAsync();
        Assert.Equal(first, again);
        Assert.Single((await writer.Client.CommentsAsync(one.Id, null, null, Ct)).Items);
        await writer.Client.SendAsync("POST", $"/v1/posts/{other.Id}/comments", """{"text":"c"}""", ("Idempotency-Key", "c"))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_key_is_printable_characters(string key)
    {
        var writer = await server.JoinAsync("writer");
        var problem = await writer.Client.SendAsync("POST", "/v1/posts", """{"text":"a"}""", ("Idempotency-Key", key))
            .ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("Idempotency-Key", Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        var writer = await server.JoinAsync("writer");
        Assert.Equal(201, await writer.Client.StatusAsync("POST", "/v1/posts", """{"text":"a"}""", ("Idempotency-Key", new string('k', 255))));
        Assert.Equal(400, await writer.Client.StatusAsync("POST", "/v1/posts", """{"text":"a"}""", ("Idempotency-Key", new string('k', 256))));
    }
}
