using System.Text;
using System.Text.Json;
using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>
/// The four rules of RESTler (Atlidakis, Godefroid, Polishchuk: "Checking Security Properties of Cloud Service REST APIs", ICST 2020) on every
/// kind of resource there is, and then requests at random, made from the API document: no 5xx, and nobody reads what is another's.
/// </summary>
public sealed class StatefulTests(RunningServer server, ITestOutputHelper output) : IClassFixture<RunningServer>
{
    private const int Requests = 2_500;

    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task What_was_deleted_can_not_be_used_in_any_way()
    {
        var me = await server.JoinAsync("me");
        var post = (await me.Client.PublishAsync(new PublishRequest("gone"), null, Ct)).Id;
        await me.Client.CommentAsync(post, "gone", null, Ct);
        await me.Client.DeletePostAsync(post, Ct);
        foreach (var (method, path, body) in new[]
        {
            ("GET", "", null), ("PATCH", "", """{"text":"x"}"""), ("PUT", "/like", null), ("DELETE", "/like", null), ("PUT", "/share", null),
            ("PUT", "/hide", null), ("GET", "/likes", null), ("GET", "/comments", null), ("POST", "/comments", """{"text":"x"}"""),
        })
            Assert.Equal((path, 404), (path, await me.Client.StatusAsync(method, $"/v1/posts/{post}{path}", body)));

        var kept = (await me.Client.PublishAsync(new PublishRequest("kept"), null, Ct)).Id;
        var comment = (await me.Client.CommentAsync(kept, "gone", null, Ct)).Id;
        await me.Client.DeleteCommentAsync(kept, comment, Ct);
        Assert.Empty((await me.Client.CommentsAsync(kept, null, null, Ct)).Items);

        var list = (await me.Client.AddAudienceAsync("gone", Ct)).Id;
        Assert.Equal(204, await me.Client.StatusAsync("DELETE", $"/v1/me/audiences/{list}"));
        Assert.Equal(404, await me.Client.StatusAsync("GET", $"/v1/me/audiences/{list}/members"));
        Assert.Equal(404, await me.Client.StatusAsync("PUT", $"/v1/me/audiences/{list}/members/{me.Id}"));
        Assert.Equal(404, await me.Client.StatusAsync("DELETE", $"/v1/me/audiences/{list}"));
        Assert.Equal(404, await me.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":"x","audience":"custom","audience_list":"{{list}}"}"""));

        var key = await server.Admin.MakeKeyAsync("gone", Ct);
        await server.Admin.RevokeKeyAsync(key.Id, Ct);
        Assert.Equal(401, await server.Anonymous.As(key.Key, me.Id).StatusAsync("GET", "/v1/me"));
        Assert.Equal(404, await server.Admin.StatusAsync("DELETE", $"/v1/admin/keys/{key.Id}"));
    }

    [Fact]
    public async Task A_child_is_found_under_its_own_parent_only()
    {
        var (me, other) = (await server.JoinAsync("me"), await server.JoinAsync("other"));
        var mine = (await me.Client.PublishAsync(new PublishRequest("mine"), null, Ct)).Id;
        var theirs = (await other.Client.PublishAsync(new PublishRequest("theirs"), null, Ct)).Id;
        var comment = (await other.Client.CommentAsync(theirs, "a comment", null, Ct)).Id;
        // An author may delete any comment on their own post: not one that is named there and stands elsewhere.
        Assert.Equal(404, await me.Client.StatusAsync("DELETE", $"/v1/posts/{mine}/comments/{comment}"));
        Assert.Single((await other.Client.CommentsAsync(theirs, null, null, Ct)).Items);
        var list = (await other.Client.AddAudienceAsync("theirs", Ct)).Id;
        Assert.Equal(404, await me.Client.StatusAsync("PUT", $"/v1/me/audiences/{list}/members/{me.Id}"));
        Assert.Equal(404, await me.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":"x","audience":"custom","audience_list":"{{list}}"}"""));
        Assert.Equal(0, (await other.Client.AudiencesAsync(Ct)).Items.Single().Members);
    }

    [Fact]
    public async Task What_was_refused_has_left_nothing()
    {
        var (me, other) = (await server.JoinAsync("me"), await server.JoinAsync("other"));
        var secret = (await other.Client.PublishAsync(new PublishRequest("secret", Audience: Audience.Friends), null, Ct)).Id;
        Assert.Equal(400, await me.Client.StatusAsync("POST", "/v1/posts", """{"text":""}"""));
        Assert.Equal(404, await me.Client.StatusAsync("POST", $"/v1/posts/{secret}/comments", """{"text":"leak"}"""));
        Assert.Equal(404, await me.Client.StatusAsync("PUT", $"/v1/posts/{secret}/like"));
        Assert.Equal(400, await me.Client.StatusAsync("POST", "/v1/me/audiences", """{"name":" "}"""));
        Assert.Equal(409, await server.Admin.StatusAsync("POST", "/v1/admin/people", $$"""{"handle":"{{me.Handle}}","name":"Other"}"""));
        Assert.Equal(409, await me.Client.StatusAsync("PUT", $"/v1/me/close-friends/{other.Id}"));

        Assert.Empty((await me.Client.PostsOfAsync(me.Id, null, null, Ct)).Items);
        Assert.Empty((await me.Client.AudiencesAsync(Ct)).Items);
        Assert.Empty((await other.Client.CommentsAsync(secret, null, null, Ct)).Items);
        Assert.Equal(0, (await other.Client.PostAsync(secret, Ct)).Counts.Likes);
        Assert.Equal(me.Name, (await other.Client.PersonAsync(me.Id, Ct)).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_is_asked_nothing_breaks_and_nobody_reads_what_is_anothers(int seed)
    {
        var api = await ApiShape.ReadAsync(server);
        var operations = api.Operations.Where(o => !Leaves(o)).ToArray();
        var (me, other) = (await server.JoinAsync("me"), await server.JoinAsync("other"));
        var marker = $"marker{seed}of{other.Id}x";
        var ids = await FillAsync(me, other, marker);
        var random = new Random(seed);
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < Requests; i++)
        {
            var operation = operations[random.Next(operations.Length)];
            var path = PathOf(operation.Path, ids, random);
            var body = operation.Body is { } shape ? BodyOf(api, shape, ids, random, 0) : null;
            var client = ClientOf(me, random);
            using var answer = await client.SendAsync(operation.Method, path, body);
            var status = (int)answer.StatusCode;
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(status < 500, $"seed {seed}, request {i}: {operation.Method} {path} {body}: {status} {text}");
            Assert.False(text.Contains(marker, StringComparison.Ordinal) && !MayLook(client, operation), $"seed {seed}, request {i}: {operation.Method} {path} {body}: {text}");
            if (status is >= 200 and < 300)
                Gather(text, ids);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
        output.WriteLine($"seed {seed}: {Requests} requests; {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"))}; 0 × 5xx, 0 cross-user reads");
        Assert.True(statuses.GetValueOrDefault(200) > Requests / 20);
        Assert.True(statuses.GetValueOrDefault(404) > Requests / 20);
    }

    /// <summary>What would end the caller, wait for events, or make a password hash each time.</summary>
    private static bool Leaves(Operation operation) =>
        operation is { Method: "DELETE", Path: "/v1/me" or "/v1/sessions/current" or "/v1/admin/people/{id}" } or { Path: "/v1/live/events" or "/v1/people" or "/v1/sessions" };

    /// <summary>The operator may look at anybody's feed.</summary>
    private bool MayLook(TidingsClient client, Operation operation) => client == server.Admin && operation.Path == "/v1/admin/people/{id}/feed";

    private TidingsClient ClientOf(Someone me, Random random) => random.Next(20) switch
    {
        0 => server.Anonymous,
        1 => server.Admin,
        _ => me.Client,
    };

    /// <summary>Others' things that nobody else may read, each with the marker, and all the ids there are.</summary>
    private static async Task<List<string>> FillAsync(Someone me, Someone other, string marker)
    {
        var ids = new List<string> { me.Id, other.Id, "0", "-1", "18446744073709551616", "x", "%00", "...", "9223372036854775807" };
        var list = (await other.Client.AddAudienceAsync(marker, Ct)).Id;
        await other.Client.AddAudienceMemberAsync(list, other.Id, Ct);
        ids.Add(list);
        foreach (var audience in new[] { Audience.Friends, Audience.Custom })
        {
            var post = (await other.Client.PublishAsync(
                new PublishRequest(marker, Audience: audience, AudienceList: audience == Audience.Custom ? list : null), null, Ct)).Id;
            ids.Add(post);
            ids.Add((await other.Client.CommentAsync(post, marker, null, Ct)).Id);
        }
        ids.Add((await other.Client.PublishAsync(new PublishRequest("for all"), null, Ct)).Id);
        ids.Add((await me.Client.PublishAsync(new PublishRequest("mine"), null, Ct)).Id);
        return ids;
    }

    private static string PathOf(string pattern, List<string> ids, Random random)
    {
        var path = new StringBuilder();
        foreach (var part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
            path.Append('/').Append(part[0] == '{' ? ids[random.Next(ids.Count)] : part);
        if (random.Next(3) == 0)
            path.Append(random.Next(4) switch { 0 => "?limit=3", 1 => "?cursor=AAAA", 2 => "?order=latest&limit=100", _ => "?limit=-1&after=x" });
        return path.ToString();
    }

    private static string BodyOf(ApiShape api, JsonElement shape, List<string> ids, Random random, int depth)
    {
        if (api.MembersOf(shape) is { } members && depth < 3)
        {
            var given = members.Where(_ => random.Next(8) != 0).Select(m => $"\"{m.Key}\":{BodyOf(api, m.Value, ids, random, depth + 1)}");
            return $"{{{string.Join(',', given)}}}";
        }
        var resolved = api.Resolve(shape);
        if (resolved.TryGetProperty("enum", out var names) && random.Next(4) != 0)
            return names[random.Next(names.GetArrayLength())].GetRawText();
        if (resolved.TryGetProperty("items", out var items) && random.Next(4) != 0)
            return $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => BodyOf(api, items, ids, random, depth + 1)))}]";
        return random.Next(9) switch
        {
            0 => "null",
            1 => "-1",
            2 => "[]",
            3 => "{}",
            4 => "1e400",
            5 => $"\"{new string('x', random.Next(3_000))}\"",
            6 => "\"\\ud83d\"",
            7 => "\"' OR 1=1 -- <script> ${jndi:ldap://x} \\u0000\"",
            _ => $"\"{ids[random.Next(ids.Count)]}\"",
        };
    }

    /// <summary>Ids that an answer names are asked for later.</summary>
    private static void Gather(string text, List<string> ids)
    {
        if (ids.Count > 200 || text.Length == 0 || text[0] != '{' || text.EndsWith('\n'))
            return;
        using var answer = JsonDocument.Parse(text);
        if (answer.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            ids.Add(id.GetString()!);
    }
}
