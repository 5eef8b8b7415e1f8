using System.Net;
using System.Text;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class ProblemTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("""{"text":"a","author_id":"7"}""", "author_id")]
    [InlineData("""{"text":"a","id":"7","likes":1}""", "id,likes")]
    [InlineData("""{"text":1}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("""{"text":"a","type":"poem"}""", "type")]
    [InlineData("""{"text":"a","type":0}""", "type")]
    [InlineData("""{"text":"a","media_ids":["a",1]}""", "media_ids")]
    [InlineData("""{"text":"a","media_ids":["a",null]}""", "media_ids")]
    [InlineData("""{"text":"a","audience":"custom","audience_list":"x"}""", "audience_list")]
    [InlineData("""{"text":"a","audience":"custom"}""", "audience_list")]
    [InlineData("""{"text":" "}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"type":"image"}""", "media_ids")]
    [InlineData("""{"text":"a"} x""", null)]
    [InlineData("""{"text":""", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    public async Task A_body_that_is_wrong_is_refused_with_the_names_of_its_fields(string body, string? fields)
    {
        var writer = await server.JoinAsync("writer");
        var problem = await writer.Client.SendAsync("POST", "/v1/posts", body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(fields, problem.Errors is null ? null : string.Join(',', problem.Errors.Select(e => e.Field)));
        Assert.Equal(fields is null ? "malformed_json" : "invalid_field", problem.Code);
        Assert.All(problem.Errors ?? [], e => Assert.NotEmpty(e.Rule));
        Assert.Empty((await writer.Client.PostsOfAsync(writer.Id, null, null, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Fields_that_are_missing_are_all_named()
    {
        var problem = await server.Anonymous.SendAsync("POST", "/v1/people", """{"bio":"b"}""").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["handle", "name", "password"], problem.Errors!.Select(e => e.Field));
    }

    [Theory]
    [InlineData("handle", """{"handle":"Ana!","name":"Ana","password":"a long password"}""")]
    [InlineData("handle", """{"handle":"a","name":"Ana","password":"a long password"}""")]
    [InlineData("name", """{"handle":"ana","name":" ","password":"a long password"}""")]
    [InlineData("password", """{"handle":"ana","name":"Ana","password":"short"}""")]
    public async Task A_sign_up_that_breaks_a_rule_names_the_field(string field, string body)
    {
        var problem = await server.Anonymous.SendAsync("POST", "/v1/people", body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(field, Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused_and_one_of_the_longest_text_is_not()
    {
        var writer = await server.JoinAsync("writer");
        var escaped = new StringBuilder().Insert(0, "\\u00e4", 10_000);
        Assert.Equal(201, await writer.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":"{{escaped}}"}"""));
        var problem = await writer.Client.SendAsync("POST", "/v1/posts", $$"""{"text":"{{new string('x', 64 * 1024)}}"}""")
            .ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("body_too_large", problem.Code);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var writer = await server.JoinAsync("writer");
        using var request = writer.Client.Request(HttpMethod.Post, "/v1/posts");
        request.Content = new StringContent("""{"text":"a"}""", Encoding.UTF8, "text/plain");
        var problem = await writer.Client.SendAsync(request, CancellationToken.None).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(("json_needed", "The body is JSON: send Content-Type: application/json."), (problem.Code, problem.Detail));
    }

    [Fact]
    public async Task A_route_that_is_not_there_and_a_method_that_is_not_are_problems_too()
    {
        var someone = await server.JoinAsync("someone");
        var nowhere = await someone.Client.SendAsync("GET", "/v1/nowhere").ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(("route_not_found", "There is no such route: /openapi/v1.json names them all."), (nowhere.Code, nowhere.Detail));
        var other = await someone.Client.SendAsync("PUT", "/v1/feed").ProblemAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(("method_not_allowed", "This route takes GET."), (other.Code, other.Detail));
    }

    [Theory]
    [InlineData("/v1/people/abc", "person_not_found")]
    [InlineData("/v1/people/-1", "person_not_found")]
    [InlineData("/v1/people/99999999999999999999", "person_not_found")]
    [InlineData("/v1/people/by-handle/%ff%20A", "person_not_found")]
    [InlineData("/v1/posts/0", "post_not_found")]
    [InlineData("/v1/posts/9223372036854775807", "post_not_found")]
    [InlineData("/v1/posts/abc/comments", "post_not_found")]
    [InlineData("/v1/me/audiences/abc/members", "list_not_found")]
    public async Task Text_that_is_no_id_names_nothing(string path, string code)
    {
        var someone = await server.JoinAsync("someone");
        Assert.Equal(code, (await someone.Client.SendAsync("GET", path).ProblemAsync(HttpStatusCode.NotFound)).Code);
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused()
    {
        using var answer = await server.Anonymous.SendAsync("GET", "/livez", null, ("X-Long", new string('x', 17 * 1024)));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_has_the_security_headers_and_none_says_which_server_it_is()
    {
        var someone = await server.JoinAsync("someone");
        foreach (var path in new[] { "/v1/feed", "/v1/nowhere", "/livez" })
        {
            using var answer = await someone.Client.SendAsync("GET", path);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
            Assert.Empty(answer.Headers.Server);
            Assert.False(answer.Headers.Contains("X-Powered-By"));
        }
    }

    [Fact]
    public async Task A_trace_that_the_caller_began_goes_on_in_the_problem()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var problem = await server.Anonymous.SendAsync("GET", "/v1/feed", null, ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"))
            .ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(trace, problem.TraceId);
    }
}
