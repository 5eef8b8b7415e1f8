using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Server.Hosting;
using Tidings.Server.Http;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>
/// Every header of every kind of answer, as it leaves: one that comes or goes is seen here. API8 of OWASP's list: nothing says what the server is
/// made of, nothing may be kept by anyone between, nothing is open to other origins.
/// </summary>
public sealed partial class HeaderTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Data = """
        Cache-Control: no-store
        Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
        """;

    private const string Tail = """
        Referrer-Policy: no-referrer
        X-Content-Type-Options: nosniff
        """;

    private async Task<string> HeadersAsync(TidingsClient client, string method, string path, string? body = null, params (string, string)[] headers)
    {
        using var answer = await client.SendAsync(method, path, body, headers);
        var lines = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Where(h => h.Key is not ("Date" or "Content-Length" or "Transfer-Encoding"))
            .Select(h => $"{h.Key}: {Id().Replace(h.Value.ToString(), "N")}")
            .Order(StringComparer.Ordinal);
        return $"{(int)answer.StatusCode}\n{string.Join('\n', lines)}";
    }

    private static string Snapshot(int status, string type, params string[] more) =>
        $"{status}\n{string.Join('\n', $"{Data}\nContent-Type: {type}\n{Tail}\n{string.Join('\n', more)}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))}";

    [GeneratedRegex(@"\d{2,}|(?<=/)\d+")]
    private static partial Regex Id();

    [Fact]
    public async Task Answers_of_the_API_have_these_headers_and_no_others()
    {
        const string json = "application/json; charset=utf-8", problem = "application/problem+json";
        var person = await server.JoinAsync("person");
        var post = (await person.Client.PublishAsync(new PublishRequest("a"), null, CancellationToken.None)).Id;

        Assert.Equal(Snapshot(200, json), await HeadersAsync(person.Client, "GET", "/v1/me"));
        Assert.Equal(Snapshot(200, json), await HeadersAsync(person.Client, "GET", "/v1/feed"));
        Assert.Equal(Snapshot(200, json, "ETag: \"1\""), await HeadersAsync(person.Client, "GET", $"/v1/posts/{post}"));
        Assert.Equal(Snapshot(201, json, "Location: /v1/posts/N", "ETag: \"1\""), await HeadersAsync(person.Client, "POST", "/v1/posts", """{"text":"b"}"""));
        Assert.Equal(Snapshot(401, problem, "WWW-Authenticate: Bearer"), await HeadersAsync(server.Anonymous, "GET", "/v1/me"));
        Assert.Equal(Snapshot(403, problem), await HeadersAsync(person.Client, "GET", "/v1/admin/status"));
        Assert.Equal(Snapshot(404, problem), await HeadersAsync(person.Client, "GET", "/v1/posts/7"));
        Assert.Equal(Snapshot(400, problem), await HeadersAsync(person.Client, "POST", "/v1/posts", "{"));
        Assert.Equal(Snapshot(405, problem, "Allow: GET"), await HeadersAsync(person.Client, "POST", "/v1/feed", "{}"));
        Assert.Equal(
            Snapshot(200, "application/x-ndjson", $"Content-Disposition: attachment; filename=\"tidings-{person.Handle}.ndjson\""),
            await HeadersAsync(person.Client, "GET", "/v1/me/export"));
        Assert.Equal(Snapshot(200, "text/plain; charset=utf-8"), await HeadersAsync(server.Anonymous, "GET", "/livez"));
        Assert.Equal("204\n" + $"{Data}\n{Tail}", await HeadersAsync(person.Client, "DELETE", $"/v1/posts/{post}"));
    }

    [Fact]
    public async Task Who_is_over_a_limit_is_told_so_in_these_headers()
    {
        await using var own = new RunningServer(TimeProvider.System, o => o with { NoRateLimits = false, ReadsPerMinute = 1 });
        await own.InitializeAsync();
        var person = await own.JoinAsync("person");
        Assert.Equal(
            Snapshot(200, "application/json; charset=utf-8", "RateLimit-Policy: \"reads\";q=1;w=N", "RateLimit: \"reads\";r=0;t=N"),
            await HeadersAsync(person.Client, "GET", "/v1/me"));
        Assert.Equal(
            Snapshot(429, "application/problem+json", "RateLimit-Policy: \"reads\";q=1;w=N", "RateLimit: \"reads\";r=0;t=N", "Retry-After: N"),
            await HeadersAsync(person.Client, "GET", "/v1/me"));
    }

    [Fact]
    public async Task The_page_may_load_its_own_files_and_nothing_else_anywhere()
    {
        var page = await HeadersAsync(server.Anonymous, "GET", "/");
        Assert.Contains("\nCache-Control: no-cache\n", page);
        Assert.Contains(
            "\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
            + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'\n", page);
        Assert.Contains("\nCross-Origin-Opener-Policy: same-origin\n", page);
        Assert.Contains("\nReferrer-Policy: no-referrer\n", page);
        Assert.Contains("\nX-Content-Type-Options: nosniff", page);
        Assert.DoesNotContain("Set-Cookie", page);

        var html = await server.Anonymous.SendAsync("GET", "/").TextAsync();
        Assert.DoesNotMatch(@"(?i)<script(?![^>]*\bsrc=)|\son\w+\s*=|style\s*=|javascript:|https?://", html);
    }

    /// <summary>Browsers ask first, and then look for leave: there is none.</summary>
    [Theory]
    [InlineData("OPTIONS", "/v1/feed")]
    [InlineData("GET", "/v1/feed")]
    [InlineData("POST", "/v1/sessions")]
    [InlineData("GET", "/livez")]
    public async Task No_other_origin_gets_leave(string method, string path)
    {
        var person = await server.JoinAsync("person");
        using var answer = await person.Client.SendAsync(
            method, path, method == "POST" ? "{}" : null, ("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"));
        Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("DEBUG")]
    [InlineData("PROPFIND")]
    public async Task Methods_that_nobody_needs_are_refused(string method)
    {
        var person = await server.JoinAsync("person");
        using var request = person.Client.Request(new HttpMethod(method), "/v1/feed");
        using var answer = await person.Client.SendAsync(request, CancellationToken.None);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.DoesNotContain("Bearer", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>API4: what a request may be before it is not looked at any more.</summary>
    [Fact]
    public async Task Requests_have_limits_in_every_direction()
    {
        var person = await server.JoinAsync("person");
        Assert.Equal(414, await person.Client.StatusAsync("GET", $"/v1/feed?cursor={new string('a', HttpLimits.RequestLineBytesMax)}"));
        (string, string)[] many = [.. Enumerable.Range(0, HttpLimits.HeadersMax).Select(i => ($"X-{i}", "1"))];
        Assert.Equal(431, await person.Client.StatusAsync("GET", "/v1/feed", null, many));
        Assert.Equal(400, await person.Client.StatusAsync("GET", "/v1/feed?limit=101"));
        Assert.Equal(400, await person.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":{{new string('[', 50)}}{{new string(']', 50)}}}"""));

        using var endless = person.Client.Request(HttpMethod.Post, "/v1/posts");
        endless.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', HttpLimits.BodyBytesMax)}}"}""")));
        endless.Content.Headers.ContentType = new("application/json");
        endless.Headers.TransferEncodingChunked = true;
        using var answer = await person.Client.SendAsync(endless, CancellationToken.None);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    /// <summary>API6: a person who follows or likes everybody in reach is a machine.</summary>
    [Theory]
    [InlineData("PUT", "/v1/me/following/{0}")]
    [InlineData("PUT", "/v1/me/friends/{0}")]
    [InlineData("POST", "/v1/people/{0}/messages")]
    public async Task A_farm_gets_no_further_than_its_quota(string method, string path)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        await using var own = new RunningServer(clock, o => o with { NoRateLimits = false, WritesPerMinute = 5, AdminPerMinute = 100_000 });
        await own.InitializeAsync();
        var bot = await own.JoinAsync("bot");
        var statuses = new List<int>();
        for (var i = 0; i < 30; i++)
            statuses.Add(await bot.Client.StatusAsync(method, string.Format(path, (await own.JoinAsync("victim")).Id), method == "POST" ? "{}" : null));
        Assert.Equal([.. Enumerable.Repeat(429, 25)], statuses[5..]);
        Assert.All(statuses[..5], status => Assert.True(status is 200 or 204));
    }
}
