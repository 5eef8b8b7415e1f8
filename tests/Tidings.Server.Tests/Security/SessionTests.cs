using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class SessionTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Password = "a long password";

    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Whoever_signs_up_is_signed_in_and_can_sign_in_again()
    {
        var joined = await server.Anonymous.SignUpAsync(new SignUpRequest("ana", "Ana", Password, "hello"), Ct);
        Assert.Equal(("ana", "Ana", "hello", (TieView?)null), (joined.Person.Handle, joined.Person.Name, joined.Person.Bio, joined.Person.Tie));
        Assert.Equal(joined.Person.Id, joined.Session.PersonId);
        Assert.Equal("Ana", (await server.Anonymous.As(joined.Session.Token).MeAsync(Ct)).Name);

        var again = await server.Anonymous.SignInAsync(new SignInRequest("ana", Password), Ct);
        Assert.NotEqual(joined.Session.Token, again.Token);
        Assert.Equal(joined.Person.Id, (await server.Anonymous.As(again.Token).MeAsync(Ct)).Id);
        Assert.Equal("handle_taken", (await server.Anonymous.SendAsync(
            "POST", "/v1/people", $$"""{"handle":"ana","name":"Other","password":"{{Password}}"}""").ProblemAsync(HttpStatusCode.Conflict)).Code);
    }

    [Theory]
    [InlineData("someone", "another password")]
    [InlineData("nobody", Password)]
    [InlineData("someone", "short")]
    public async Task A_wrong_password_and_an_unknown_handle_are_answered_alike(string handle, string password)
    {
        if (await server.Anonymous.StatusAsync("POST", "/v1/people", $$"""{"handle":"someone","name":"S","password":"{{Password}}"}""") is var status)
            Assert.True(status is 201 or 409);
        var problem = await server.Anonymous.SendAsync("POST", "/v1/sessions", $$"""{"handle":"{{handle}}","password":"{{password}}"}""")
            .ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("wrong_credentials", problem.Code);
    }

    [Fact]
    public async Task A_person_without_a_password_can_not_sign_in()
    {
        var person = await server.JoinAsync("nopassword");
        await server.Anonymous.SendAsync("POST", "/v1/sessions", $$"""{"handle":"{{person.Handle}}","password":"{{Password}}"}""")
            .ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task After_signing_out_the_token_is_worth_nothing_and_other_sessions_go_on()
    {
        var person = await server.JoinAsync("person");
        var other = await server.Get<Tidings.People.SignIn>().OpenAsync(new Tidings.People.UserId(long.Parse(person.Id)), Ct);
        await person.Client.MeAsync(Ct);
        await person.Client.SignOutAsync(Ct);
        Assert.Equal("invalid_token", (await person.Client.SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);
        Assert.Equal(person.Id, (await server.Anonymous.As(other.Token).MeAsync(Ct)).Id);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer tds_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Bearer 0123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("Basic YTpi")]
    [InlineData("tds_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_was_never_given_is_refused(string header)
    {
        using var answer = await server.Anonymous.SendAsync("GET", "/v1/me", null, ("Authorization", header));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        var problem = await Task.FromResult(answer).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("invalid_token", problem.Code);
    }

    [Fact]
    public async Task A_session_ends_when_its_time_is_over_even_where_it_is_remembered()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        await using var own = new RunningServer(clock, o => o with { SessionMinutes = 60 });
        await own.InitializeAsync();
        var person = await own.JoinAsync("person");
        clock.Advance(TimeSpan.FromMinutes(59));
        await person.Client.MeAsync(Ct);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("token_expired", (await person.Client.SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task Attempts_to_sign_in_are_limited_by_handle_and_by_address()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        await using var own = new RunningServer(clock, o => o with { SignInsPerAddress = 6, SignInsPerHandle = 2 });
        await own.InitializeAsync();
        static string Body(string handle) => $$"""{"handle":"{{handle}}","password":"{{Password}}"}""";
        Assert.Equal(401, await own.Anonymous.StatusAsync("POST", "/v1/sessions", Body("one")));
        Assert.Equal(401, await own.Anonymous.StatusAsync("POST", "/v1/sessions", Body("one")));
        using var third = await own.Anonymous.SendAsync("POST", "/v1/sessions", Body("one"));
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("too_many_attempts", (await Task.FromResult(third).ProblemAsync(HttpStatusCode.TooManyRequests)).Code);
        Assert.Equal(401, await own.Anonymous.StatusAsync("POST", "/v1/sessions", Body("two")));
        Assert.Equal(400, await own.Anonymous.StatusAsync("POST", "/v1/people", """{"handle":"x","name":"x","password":"x"}"""));
        Assert.Equal(401, await own.Anonymous.StatusAsync("POST", "/v1/sessions", Body("three")));
        Assert.Equal(429, await own.Anonymous.StatusAsync("POST", "/v1/sessions", Body("four")));
        Assert.Equal(429, await own.Anonymous.StatusAsync("POST", "/v1/people", """{"handle":"x","name":"x","password":"x"}"""));
    }
}
