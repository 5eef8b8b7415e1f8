using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Server.Hosting;
using Tidings.Server.Security;
using Tidings.Server.Tests.Live;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class OutsideIssuerTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
    private Issuer _issuer = null!;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await Issuer.StartAsync(_clock);
        _server = await OpenAsync(_clock, _issuer, provision: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    internal static async Task<RunningServer> OpenAsync(TimeProvider clock, Issuer issuer, bool provision)
    {
        var server = new RunningServer(clock, o => o with { OidcIssuer = issuer.Url, OidcAudience = "tidings", OidcProvision = provision });
        await server.InitializeAsync();
        return server;
    }

    private TidingsClient As(string token) => _server.Anonymous.As(token);

    [Fact]
    public async Task Whoever_comes_with_a_token_of_the_issuer_is_a_person_the_same_each_time()
    {
        var claims = _issuer.Claims("ada@elsewhere");
        claims["preferred_username"] = "Ada.Lovelace@example.org";
        claims["name"] = "Ada \u0007Lovelace";
        var me = await As(_issuer.Rsa.Sign(claims)).MeAsync(Ct);
        Assert.Equal(("ada_lovelace", "Ada Lovelace"), (me.Handle, me.Name));

        Assert.Equal(me.Id, (await As(_issuer.Ec.Sign(claims)).MeAsync(Ct)).Id);
        claims["preferred_username"] = "somebody_else";
        Assert.Equal(me.Id, (await As(_issuer.Rsa.Sign(claims)).MeAsync(Ct)).Id);
        claims["sub"] = "another subject";
        claims["preferred_username"] = "ada.lovelace";
        var other = await As(_issuer.Rsa.Sign(claims)).MeAsync(Ct);
        Assert.NotEqual(me.Id, other.Id);
        Assert.Matches("^ada_lovelace_[0-9a-f]{8}$", other.Handle);

        Assert.Equal(201, await As(_issuer.Rsa.Sign(claims)).StatusAsync("POST", "/v1/posts", """{"text":"hello"}"""));
        Assert.Equal(1, _issuer.KeySetsServed);
    }

    [Fact]
    public async Task A_live_connection_ends_with_the_token_that_it_came_with()
    {
        var reader = As(_issuer.Token("reader"));
        await reader.MeAsync(Ct);
        await using var live = await reader.OpenLiveAsync(null, Ct);
        Assert.Equal("hello", (await LiveSteps.NextAsync(live)).Type);
        var next = LiveSteps.NextAsync(live);
        // The token's time is up, and the server's pulse beats.
        await RunningServer.UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            return next.IsCompleted;
        });
        Assert.Equal("expired", (await next).Reason);
    }

    [Fact]
    public async Task Of_many_first_requests_at_once_one_person_comes_of_it()
    {
        var token = _issuer.Token("many");
        var mine = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => As(token).MeAsync(Ct))));
        Assert.Single(mine.Select(m => m.Id).Distinct());
    }

    [Fact]
    public async Task A_token_ends_in_its_time_and_clocks_may_differ_by_the_skew()
    {
        var token = _issuer.Token();
        Assert.Equal(200, await As(token).StatusAsync("GET", "/v1/me"));
        _clock.Advance(TimeSpan.FromSeconds(600 + 29));
        Assert.Equal(200, await As(token).StatusAsync("GET", "/v1/me"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("token_expired", (await As(token).SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);
        var early = _issuer.Claims();
        early["nbf"] = _issuer.Seconds(29);
        Assert.Equal(200, await As(_issuer.Rsa.Sign(early)).StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task When_the_issuer_changes_its_keys_new_tokens_are_good_and_old_ones_are_not()
    {
        var old = _issuer.Token();
        Assert.Equal(200, await As(old).StatusAsync("GET", "/v1/me"));
        _issuer.Rotate();
        var next = _issuer.Token();
        // The key set is asked for in the background, on account of the unknown key.
        await RunningServer.UntilAsync(async () => await As(next).StatusAsync("GET", "/v1/me") == 200);
        Assert.Equal(401, await As(old).StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task Where_nobody_is_made_of_a_token_the_operator_says_who_it_is()
    {
        await using var server = await OpenAsync(_clock, _issuer, provision: false);
        var person = await server.JoinAsync("person");
        var other = await server.JoinAsync("other");
        var client = server.Anonymous.As(_issuer.Token("subject-7"));
        Assert.Equal("person_unknown", (await client.SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);

        const string body = """{"subject":"subject-7"}""";
        Assert.Equal(403, await person.Client.StatusAsync("PUT", $"/v1/admin/people/{person.Id}/identity", body));
        Assert.Equal(404, await server.Admin.StatusAsync("PUT", "/v1/admin/people/999/identity", body));
        Assert.Equal(204, await server.Admin.StatusAsync("PUT", $"/v1/admin/people/{person.Id}/identity", body));
        Assert.Equal(204, await server.Admin.StatusAsync("PUT", $"/v1/admin/people/{person.Id}/identity", body));
        Assert.Equal(409, await server.Admin.StatusAsync("PUT", $"/v1/admin/people/{other.Id}/identity", body));
        Assert.Equal(person.Id, (await client.MeAsync(Ct)).Id);
    }

    [Fact]
    public async Task A_person_of_the_issuer_is_no_operator_no_backend_and_has_no_session_to_end()
    {
        var client = As(_issuer.Token());
        Assert.Equal(403, await client.StatusAsync("GET", "/v1/admin/status"));
        Assert.Equal("no_session", (await client.SendAsync("DELETE", "/v1/sessions/current").ProblemAsync(HttpStatusCode.Conflict)).Code);
        Assert.Equal("service_key_needed",
            (await _server.Anonymous.As(_issuer.Token(), "1").SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task Own_sessions_go_on_while_the_issuer_is_away_and_its_tokens_wait()
    {
        _issuer.IsAway = true;
        var person = await _server.JoinAsync("person");
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me"));
        using var answer = await As(_issuer.Token()).SendAsync("GET", "/v1/me");
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("issuer_unavailable", (await Task.FromResult(answer).ProblemAsync(HttpStatusCode.ServiceUnavailable)).Code);
        Assert.Equal(0, _issuer.KeySetsServed);
    }

    [Fact]
    public void Half_said_settings_are_refused()
    {
        Assert.Contains("--oidc-audience", Assert.Single(Check(new ServeOptions { OidcIssuer = "https://issuer.example" })));
        Assert.Contains("https", Assert.Single(Check(new ServeOptions { OidcIssuer = "http://issuer.example", OidcAudience = "a" })));
        Assert.Contains("say nothing", Assert.Single(Check(new ServeOptions { OidcProvision = true })));
        Assert.Empty(Check(new ServeOptions { OidcIssuer = "https://issuer.example", OidcAudience = "a" }));
        Assert.Empty(Check(new ServeOptions { OidcIssuer = "http://127.0.0.1:9", OidcAudience = "a" }));

        static List<string> Check(ServeOptions options)
        {
            var errors = new List<string>();
            OutsideIssuer.Check(options, errors);
            return errors;
        }
    }
}
