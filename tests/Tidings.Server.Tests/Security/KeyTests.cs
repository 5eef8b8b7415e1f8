using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class KeyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_service_key_acts_for_any_person_and_for_nobody_by_itself()
    {
        var key = await server.Admin.MakeKeyAsync("backend", Ct);
        var person = await server.Admin.AddPersonAsync(new NewPersonRequest("bea", "Bea"), Ct);
        var acting = server.Anonymous.As(key.Key, person.Id);
        var post = await acting.PublishAsync(new PublishRequest("for Bea"), null, Ct);
        Assert.Equal(person.Id, post.AuthorId);
        Assert.Equal("Bea", (await acting.MeAsync(Ct)).Name);
        Assert.Equal("no_session", (await acting.SendAsync("DELETE", "/v1/sessions/current").ProblemAsync(HttpStatusCode.Conflict)).Code);

        var alone = server.Anonymous.As(key.Key);
        Assert.Equal("person_needed", (await alone.SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Forbidden)).Code);
        await acting.SendAsync("GET", "/v1/admin/status").ProblemAsync(HttpStatusCode.Forbidden);
        await alone.SendAsync("GET", "/v1/admin/status").ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("0")]
    [InlineData("bea")]
    public async Task It_does_not_act_for_someone_who_is_not_here(string person)
    {
        var key = await server.Admin.MakeKeyAsync("backend", Ct);
        var problem = await server.Anonymous.As(key.Key, person).SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("person_unknown", problem.Code);
    }

    [Fact]
    public async Task Nobody_but_a_service_acts_for_others()
    {
        var one = await server.JoinAsync("one");
        var other = await server.JoinAsync("other");
        Assert.Equal("service_key_needed", (await one.Client.As(one.Token, other.Id).SendAsync("GET", "/v1/me")
            .ProblemAsync(HttpStatusCode.Unauthorized)).Code);
        Assert.Equal("service_key_needed", (await server.Anonymous.As(server.Server.NewAdminKey, other.Id).SendAsync("GET", "/v1/me")
            .ProblemAsync(HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task A_key_is_listed_without_its_secret_and_worth_nothing_once_revoked()
    {
        var key = await server.Admin.MakeKeyAsync("to be revoked", Ct);
        var person = await server.JoinAsync("person");
        var acting = server.Anonymous.As(key.Key, person.Id);
        await acting.MeAsync(Ct);
        var listed = await server.Admin.SendAsync("GET", "/v1/admin/keys").TextAsync();
        Assert.Contains("\"to be revoked\"", listed);
        Assert.DoesNotContain(key.Key, listed);
        Assert.Contains(await Keys(), k => k == new KeyView(key.Id, "to be revoked", "service"));

        await server.Admin.RevokeKeyAsync(key.Id, Ct);
        Assert.Equal("invalid_token", (await acting.SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized)).Code);
        Assert.DoesNotContain(await Keys(), k => k.Id == key.Id);
        Assert.Equal("key_not_found", (await server.Admin.SendAsync("DELETE", $"/v1/admin/keys/{key.Id}").ProblemAsync(HttpStatusCode.NotFound)).Code);

        async Task<IReadOnlyList<KeyView>> Keys() => (await server.Admin.KeysAsync(Ct)).Items;
    }

    [Fact]
    public async Task The_admin_key_is_made_once_kept_as_a_hash_and_not_revoked_over_HTTP()
    {
        Assert.StartsWith("tda_", server.Server.NewAdminKey);
        var admin = Assert.Single((await server.Admin.KeysAsync(Ct)).Items, k => k.Kind == "admin");
        Assert.Equal("admin_key_stays", (await server.Admin.SendAsync("DELETE", $"/v1/admin/keys/{admin.Id}").ProblemAsync(HttpStatusCode.Conflict)).Code);
    }

    [Fact]
    public async Task The_admin_is_nobody_in_the_network()
    {
        Assert.Equal("person_needed", (await server.Admin.SendAsync("GET", "/v1/feed").ProblemAsync(HttpStatusCode.Forbidden)).Code);
        await server.Admin.SendAsync("POST", "/v1/posts", """{"text":"x"}""").ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_status_tells_how_the_server_is()
    {
        var before = await server.Admin.StatusAsync(Ct);
        var writer = await server.JoinAsync("writer");
        await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        await server.SettledAsync();
        var after = await server.Admin.StatusAsync(Ct);
        Assert.True(after.Ready);
        Assert.True(after.EventsEnd >= before.EventsEnd + 2);
        Assert.Equal(after.EventsEnd, after.FanOutPosition + after.FanOutLag);
        Assert.Equal("always", after.Durability);
    }
}
