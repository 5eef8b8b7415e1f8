using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client.Wire;
using Tidings.Embedded;
using Tidings.Events;
using Tidings.Notifications;
using Tidings.PersonalData;
using Xunit;

namespace Tidings.Server.Tests.People;

public sealed class PersonalDataTests
{
    private const string Password = "correct horse";

    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));

    private async Task<RunningServer> OpenAsync()
    {
        var server = new RunningServer(_clock, o => o with { NoRateLimits = true });
        await server.InitializeAsync();
        return server;
    }

    private static async Task<List<JsonElement>> ExportAsync(Someone person)
    {
        using var answer = await person.Client.SendAsync("GET", "/v1/me/export");
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains($"tidings-{person.Handle}.ndjson", answer.Content.Headers.ContentDisposition!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("\n", text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static IEnumerable<string> Of(List<JsonElement> lines, string kind, string member) =>
        lines.Where(line => line.GetProperty("kind").GetString() == kind).Select(line => line.GetProperty(member).GetString()!);

    private static async Task ErasedAsync(RunningServer server) =>
        await RunningServer.UntilAsync(async () => (await server.Get<IPersonalData>().ClosedAsync(Ct)).Count == 0);

    [Fact]
    public async Task An_export_has_all_that_is_ones_own_and_nothing_of_others()
    {
        await using var server = await OpenAsync();
        var (me, friend, enemy) = (await server.JoinAsync("me"), await server.JoinAsync("friend"), await server.JoinAsync("enemy"));
        await RunningServer.BefriendAsync(me, friend);
        await enemy.Client.FollowAsync(me.Id, Ct);
        await enemy.Client.MuteAsync(me.Id, Ct);
        await enemy.Client.BlockAsync(me.Id, Ct);
        await me.Client.EditMeAsync(new EditProfileRequest(Bio: "about \"me\"\nand <more>"), Ct);
        var list = await me.Client.AddAudienceAsync("close ones", Ct);
        await me.Client.AddAudienceMemberAsync(list.Id, friend.Id, Ct);
        var posts = new List<string>();
        for (var i = 0; i < 230; i++)
            posts.Add((await me.Client.PublishAsync(new PublishRequest($"mine {i}"), null, Ct)).Id);
        await me.Client.DeletePostAsync(posts[7], Ct);
        var secret = (await me.Client.PublishAsync(new PublishRequest("for few", Audience: Audience.Custom, AudienceList: list.Id), null, Ct)).Id;
        var theirs = (await friend.Client.PublishAsync(new PublishRequest("theirs"), null, Ct)).Id;
        await me.Client.CommentAsync(theirs, "my comment", null, Ct);
        await friend.Client.CommentAsync(theirs, "their comment", null, Ct);
        await me.Client.LikeAsync(theirs, Ct);
        await me.Client.HideAsync(theirs, Ct);

        await friend.Client.LikeAsync(secret, Ct);
        await RunningServer.UntilAsync(() => server.Get<NotificationWorker>().Position >= server.Get<IEventLog>().End);

        var lines = await ExportAsync(me);

        Assert.Equal("profile", lines[0].GetProperty("kind").GetString());
        Assert.Equal("about \"me\"\nand <more>", lines[0].GetProperty("bio").GetString());
        Assert.Equal("end", lines[^1].GetProperty("kind").GetString());
        Assert.Equal([friend.Id], Of(lines, "following", "person"));
        Assert.Equal([friend.Id], Of(lines, "friend", "person"));
        Assert.Equal([friend.Id], Of(lines, "follower", "person"));
        Assert.Equal(["close ones"], Of(lines, "audience", "name"));
        Assert.Equal([friend.Id], Of(lines, "audience_member", "person"));
        Assert.Equal(posts.Where((_, i) => i != 7).Append(secret).Reverse(), Of(lines, "post", "id"));
        Assert.Equal(["my comment"], Of(lines, "comment", "text"));
        Assert.Equal([theirs], Of(lines, "like", "post"));
        Assert.Equal([theirs], Of(lines, "hide", "post"));
        Assert.Equal([friend.Id], Of(lines, "affinity", "person"));
        Assert.Equal(["like", "friend"], Of(lines, "notification", "about").Distinct());
        var text = string.Join('\n', lines.Select(l => l.ToString()));
        Assert.DoesNotContain("their comment", text);
        Assert.DoesNotContain($"\"person\":\"{enemy.Id}\"", text);
        Assert.DoesNotContain("mine 7\"", text);
    }

    [Fact]
    public async Task Exports_are_few_an_hour()
    {
        await using var server = new RunningServer(_clock, o => o with { NoRateLimits = false, ExportsPerHour = 2 });
        await server.InitializeAsync();
        var person = await server.JoinAsync("person");
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me/export"));
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me/export"));
        Assert.Equal(429, await person.Client.StatusAsync("GET", "/v1/me/export"));
        Assert.Equal(200, await person.Client.StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task Whoever_erases_themselves_is_gone_from_everywhere_and_the_handle_is_free()
    {
        await using var server = await OpenAsync();
        var (me, friend) = (await server.JoinAsync("me"), await server.JoinAsync("friend"));
        var backend = (await server.Admin.MakeKeyAsync("backend", Ct)).Key;
        await RunningServer.BefriendAsync(me, friend);
        var mine = (await me.Client.PublishAsync(new PublishRequest("mine"), null, Ct)).Id;
        var theirs = (await friend.Client.PublishAsync(new PublishRequest("theirs"), null, Ct)).Id;
        await me.Client.LikeAsync(theirs, Ct);
        await me.Client.CommentAsync(theirs, "hello", null, Ct);
        await server.SettledAsync();
        Assert.Contains((await friend.Client.FeedAsync(null, null, null, Ct)).Items, p => p.Id == mine);

        Assert.Equal(204, await me.Client.StatusAsync("DELETE", "/v1/me"));
        Assert.Equal(401, await me.Client.StatusAsync("GET", "/v1/me"));
        await ErasedAsync(server);

        Assert.Equal(404, await friend.Client.StatusAsync("GET", $"/v1/people/{me.Id}"));
        Assert.Equal(404, await friend.Client.StatusAsync("GET", $"/v1/people/by-handle/{me.Handle}"));
        Assert.Equal(404, await friend.Client.StatusAsync("GET", $"/v1/people/{me.Id}/posts"));
        Assert.Equal(404, await friend.Client.StatusAsync("GET", $"/v1/posts/{mine}"));
        Assert.Equal(404, await friend.Client.StatusAsync("PUT", $"/v1/me/following/{me.Id}"));
        Assert.Equal(401, await server.Anonymous.As(backend, me.Id).StatusAsync("GET", "/v1/me"));
        Assert.DoesNotContain((await friend.Client.FeedAsync(null, null, null, Ct)).Items, p => p.Id == mine);
        var post = await friend.Client.PostAsync(theirs, Ct);
        Assert.Equal((0, 0), (post.Counts.Likes, post.Counts.Comments));
        Assert.Empty((await friend.Client.CommentsAsync(theirs, null, null, Ct)).Items);
        Assert.Equal(0, (await friend.Client.MeAsync(Ct)).Counts.Friends);
        Assert.Equal(200, await friend.Client.StatusAsync("GET", "/v1/affinity"));
        var again = await server.Admin.AddPersonAsync(new NewPersonRequest(me.Handle, "Another"), Ct);
        Assert.NotEqual(me.Id, again.Id);
        Assert.Contains(server.Log.All, line => line.Id == 13);
    }

    [Fact]
    public async Task An_old_session_does_not_erase_without_the_password()
    {
        await using var server = await OpenAsync();
        var signedUp = await server.Anonymous.SignUpAsync(new SignUpRequest("ana", "Ana", Password), Ct);
        var ana = server.Anonymous.As(signedUp.Session.Token);
        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("sign_in_again", (await ana.SendAsync("DELETE", "/v1/me").ProblemAsync(HttpStatusCode.Forbidden)).Code);
        Assert.Equal("sign_in_again", (await ana.SendAsync("DELETE", "/v1/me", "{}").ProblemAsync(HttpStatusCode.Forbidden)).Code);
        foreach (var wrong in new[] { "wrong password", "short", "" })
            Assert.Equal("wrong_password", (await ana.SendAsync("DELETE", "/v1/me", $$"""{"password":"{{wrong}}"}""").ProblemAsync(HttpStatusCode.Forbidden)).Code);
        Assert.Equal(400, await ana.StatusAsync("DELETE", "/v1/me", """{"pasword":"x"}"""));
        Assert.Equal(200, await ana.StatusAsync("GET", "/v1/me"));
        Assert.Equal(204, await ana.StatusAsync("DELETE", "/v1/me", $$"""{"password":"{{Password}}"}"""));
        Assert.Equal(401, await ana.StatusAsync("GET", "/v1/me"));
        Assert.Equal(401, await server.Anonymous.StatusAsync("POST", "/v1/sessions", $$"""{"handle":"ana","password":"{{Password}}"}"""));
    }

    [Fact]
    public async Task Guesses_at_the_password_are_counted_with_those_of_signing_in()
    {
        await using var server = new RunningServer(_clock, o => o with { SignInsPerHandle = 2 });
        await server.InitializeAsync();
        var ana = server.Anonymous.As((await server.Anonymous.SignUpAsync(new SignUpRequest("ana", "Ana", Password), Ct)).Session.Token);
        const string wrong = """{"password":"wrong password"}""";
        Assert.Equal(403, await ana.StatusAsync("DELETE", "/v1/me", wrong));
        Assert.Equal(403, await ana.StatusAsync("DELETE", "/v1/me", wrong));
        Assert.Equal("too_many_attempts", (await ana.SendAsync("DELETE", "/v1/me", wrong).ProblemAsync(HttpStatusCode.TooManyRequests)).Code);
        Assert.Equal(429, await server.Anonymous.StatusAsync("POST", "/v1/sessions", $$"""{"handle":"ana","password":"{{Password}}"}"""));
    }

    [Fact]
    public async Task The_operator_erases_anybody_once()
    {
        await using var server = await OpenAsync();
        var person = await server.JoinAsync("person");
        Assert.Equal(404, await server.Admin.StatusAsync("DELETE", "/v1/admin/people/999"));
        Assert.Equal(204, await server.Admin.StatusAsync("DELETE", $"/v1/admin/people/{person.Id}"));
        Assert.Equal(404, await server.Admin.StatusAsync("DELETE", $"/v1/admin/people/{person.Id}"));
        Assert.Equal(401, await person.Client.StatusAsync("GET", "/v1/me"));
    }

    [Fact]
    public async Task What_a_stop_left_the_next_start_erases_and_housekeeping_compacts()
    {
        using var folder = new Simulation.DataFolder();
        var options = new EmbeddedOptions { DataFolder = folder.Path, FreeBytesMin = 0, HotPostsMax = 1_024, InboxBytesMax = 16 << 20 };
        await using (var profile = await EmbeddedProfile.OpenAsync(options, _clock, null, Ct))
        {
            var person = (await profile.People.AddAsync(new("someone", "Someone", "", []), Ct)).Value;
            await profile.PersonalData.CloseAsync(person, Ct);
        }
        await using var server = new RunningServer(_clock, o => o with { EraseHours = 2 }, folder);
        await server.InitializeAsync();
        await ErasedAsync(server);
        Assert.Equal(404, await server.Admin.StatusAsync("DELETE", "/v1/admin/people/1"));
        for (var minute = 0; minute < 118; minute++)
            _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(server.Log.All, line => line.Id == 14);
        await RunningServer.UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            return server.Log.All.Any(line => line.Id == 14);
        });
    }
}
