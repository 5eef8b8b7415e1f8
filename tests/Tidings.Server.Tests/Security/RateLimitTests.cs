using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client.Wire;
using Tidings.Server.Hosting;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class RateLimitTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));

    private async Task<RunningServer> OpenAsync(Func<ServeOptions, ServeOptions> change)
    {
        var server = new RunningServer(_clock, o => change(o with { NoRateLimits = false }));
        await server.InitializeAsync();
        return server;
    }

    [Fact]
    public async Task Reads_and_writes_are_counted_apart_and_each_answer_says_what_is_left()
    {
        await using var server = await OpenAsync(o => o with { ReadsPerMinute = 3, WritesPerMinute = 2 });
        var person = await server.JoinAsync("person");
        using (var first = await person.Client.SendAsync("GET", "/v1/me"))
        {
            Assert.Equal("\"reads\";q=3;w=60", first.Headers.GetValues("RateLimit-Policy").Single());
            Assert.Equal("\"reads\";r=2;t=20", first.Headers.GetValues("RateLimit").Single());
        }
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/feed"));
        Assert.Equal(404, await person.Client.StatusAsync("GET", "/v1/posts/1"));
        using (var over = await person.Client.SendAsync("GET", "/v1/me"))
        {
            Assert.Equal(20, over.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            Assert.Equal("\"reads\";r=0;t=60", over.Headers.GetValues("RateLimit").Single());
            Assert.Equal("rate_limited", (await Task.FromResult(over).ProblemAsync(HttpStatusCode.TooManyRequests)).Code);
        }
        Assert.Equal(201, await person.Client.StatusAsync("POST", "/v1/posts", """{"text":"a"}"""));
        Assert.Equal(201, await person.Client.StatusAsync("POST", "/v1/posts", """{"text":"b"}"""));
        Assert.Equal(429, await person.Client.StatusAsync("POST", "/v1/posts", """{"text":"c"}"""));

        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me"));
        Assert.Equal(429, await person.Client.StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task A_person_has_one_quota_with_all_their_sessions_and_others_have_theirs()
    {
        await using var server = await OpenAsync(o => o with { ReadsPerMinute = 2 });
        var (person, other) = (await server.JoinAsync("person"), await server.JoinAsync("other"));
        var second = await server.Get<Tidings.People.SignIn>().OpenAsync(new Tidings.People.UserId(long.Parse(person.Id)), Ct);
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me"));
        Assert.Equal(200, await server.Anonymous.As(second.Token).StatusAsync("GET", "/v1/me"));
        Assert.Equal(429, await person.Client.StatusAsync("GET", "/v1/me"));
        Assert.Equal(200, await other.Client.StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task A_backend_that_acts_for_a_person_does_not_use_up_what_the_person_has()
    {
        await using var server = await OpenAsync(o => o with { ReadsPerMinute = 1 });
        var (person, other) = (await server.JoinAsync("person"), await server.JoinAsync("other"));
        var key = (await server.Admin.MakeKeyAsync("backend", Ct)).Key;
        Assert.Equal(200, await server.Anonymous.As(key, person.Id).StatusAsync("GET", "/v1/me"));
        Assert.Equal(429, await server.Anonymous.As(key, person.Id).StatusAsync("GET", "/v1/me"));
        Assert.Equal(200, await server.Anonymous.As(key, other.Id).StatusAsync("GET", "/v1/me"));
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task Whoever_is_nobody_is_counted_by_address_on_every_route_and_admins_by_key()
    {
        await using var server = await OpenAsync(o => o with { AnonymousPerMinute = 3, AdminPerMinute = 3 });
        Assert.Equal(401, await server.Anonymous.StatusAsync("GET", "/v1/me"));
        Assert.Equal(401, await server.Anonymous.As("tds_no").StatusAsync("POST", "/v1/posts", "{}"));
        Assert.Equal(404, await server.Anonymous.StatusAsync("GET", "/nothing/here"));
        Assert.Equal(429, await server.Anonymous.StatusAsync("GET", "/v1/me"));
        Assert.Equal(429, await server.Anonymous.StatusAsync("GET", "/openapi/v1.json"));
        Assert.Equal(200, await server.Anonymous.StatusAsync("GET", "/livez"));
        Assert.Equal(200, await server.Anonymous.StatusAsync("GET", "/readyz"));

        for (var i = 0; i < 3; i++)
            Assert.Equal(200, await server.Admin.StatusAsync("GET", "/v1/admin/status"));
        Assert.Equal(429, await server.Admin.StatusAsync("GET", "/v1/admin/status"));
    }

    [Fact]
    public async Task The_limits_can_be_lifted_but_not_those_of_signing_in()
    {
        await using var server = await OpenAsync(o => o with { NoRateLimits = true, ReadsPerMinute = 1, SignInsPerAddress = 1 });
        var person = await server.JoinAsync("person");
        for (var i = 0; i < 5; i++)
        {
            using var answer = await person.Client.SendAsync("GET", "/v1/me");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.False(answer.Headers.Contains("RateLimit"));
        }
        const string wrong = """{"handle":"nobody","password":"a long password"}""";
        Assert.Equal(401, await server.Anonymous.StatusAsync("POST", "/v1/sessions", wrong));
        Assert.Equal(429, await server.Anonymous.StatusAsync("POST", "/v1/sessions", wrong));
    }

    [Fact]
    public async Task An_address_in_a_header_is_believed_of_a_trusted_proxy_only()
    {
        const string wrong = """{"handle":"nobody","password":"a long password"}""";
        await using (var alone = await OpenAsync(o => o with { SignInsPerAddress = 1 }))
        {
            Assert.Equal(401, await SignInAsync(alone, "203.0.113.1"));
            Assert.Equal(429, await SignInAsync(alone, "203.0.113.2"));
        }
        await using var behind = await OpenAsync(o => o with { SignInsPerAddress = 1, TrustedProxies = "127.0.0.1;10.9.0.0/16" });
        Assert.Equal(401, await SignInAsync(behind, "203.0.113.1"));
        Assert.Equal(429, await SignInAsync(behind, "203.0.113.1"));
        Assert.Equal(401, await SignInAsync(behind, "203.0.113.2"));
        // What the client itself wrote stands further to the left: the proxy's own entry counts.
        Assert.Equal(429, await SignInAsync(behind, "198.51.100.7, 203.0.113.2"));
        Assert.Equal(429, await SignInAsync(behind, "198.51.100.8, 203.0.113.2, 10.9.8.7"));
        Assert.Equal(401, await SignInAsync(behind, "198.51.100.9, 10.9.8.7"));

        static Task<int> SignInAsync(RunningServer server, string from) =>
            server.Anonymous.StatusAsync("POST", "/v1/sessions", wrong, ("X-Forwarded-For", from));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("203.0.113.1")]
    public async Task Metrics_stay_closed_to_what_a_proxy_passes_on(string from)
    {
        await using var server = await OpenAsync(o => o with { TrustedProxies = "127.0.0.1" });
        Assert.Equal(200, await server.Anonymous.StatusAsync("GET", "/metrics"));
        Assert.Equal(401, await server.Anonymous.StatusAsync("GET", "/metrics", null, ("X-Forwarded-For", from)));
    }
}
