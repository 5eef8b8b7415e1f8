using System.Net;
using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Server.Tests.Matrix;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>API3: nobody sets what isn't theirs to set, and no answer has a member that the document doesn't name.</summary>
public sealed class PropertyTests(RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>What people try.</summary>
    private static readonly string[] NotTheirs =
        ["id", "author_id", "created_at", "likes", "counts", "score", "version", "is_admin", "role", "kind", "password_hash", "deleted", "__proto__"];

    [Fact]
    public async Task No_body_takes_a_field_that_is_not_in_the_document()
    {
        var api = await ApiShape.ReadAsync(server);
        var world = await World.MakeAsync(server);
        var refused = 0;
        foreach (var operation in api.Operations.Where(o => o.Body is not null))
        {
            var members = api.MembersOf(operation.Body!.Value)!;
            var client = operation.IsAdmins ? server.Admin : world.Client("owner");
            foreach (var name in NotTheirs.Where(n => !members.ContainsKey(n)))
            {
                var problem = await client.SendAsync(operation.Method, Fill(operation.Path, world), $$"""{"{{name}}":"1"}""").ProblemAsync(HttpStatusCode.BadRequest);
                Assert.True(problem.Errors!.Any(e => e.Field == name), $"{operation.Method} {operation.Path}: {name}");
                refused++;
            }
        }
        Assert.True(refused > 100, $"{refused}");
    }

    [Fact]
    public async Task No_answer_says_more_than_the_document()
    {
        var api = await ApiShape.ReadAsync(server);
        var looked = 0;
        foreach (var row in Table.Rows.Where(r => r.Method is "GET" or "PUT" or "POST" && !r.Path.StartsWith("/v1/live", StringComparison.Ordinal)))
        {
            var world = await World.MakeAsync(server);
            using var answer = await world.Client("owner").SendAsync(
                row.Method, world.Path(row.Path), row.Body is null ? null : world.Path(row.Body));
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "application/json")
                continue;
            var shape = api.Operations.Single(o => o.Method == row.Method && IsOf(row.Path.Split('?')[0], o.Path)).Answer;
            Assert.True(shape is not null, row.Path);
            var value = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Empty(api.Beyond(value, shape.Value, $"{row.Method} {row.Path}"));
            looked++;
        }
        Assert.True(looked > 30, $"{looked}");
    }

    /// <summary>Whom somebody blocks or mutes, their lists, their credentials: nobody else ever reads a word of it.</summary>
    [Fact]
    public async Task What_is_private_is_in_no_answer_to_others()
    {
        var world = await World.MakeAsync(server);
        foreach (var caller in new[] { "friend", "follower", "stranger", "blocked" })
        {
            foreach (var row in Table.Rows.Where(r => r.Method == "GET" && r.Path.Contains("{owner}", StringComparison.Ordinal)))
            {
                var text = await world.Client(caller).SendAsync("GET", world.Path(row.Path)).TextAsync();
                Assert.DoesNotMatch("password|token|hash|audience_list\":\"|\"some\"|muted_by|blocked_by", text);
            }
        }
    }

    private static string Fill(string path, World world) => path
        .Replace("{person}", world.Path("{other}")).Replace("/me/audiences/{id}", world.Path("/me/audiences/{list}"))
        .Replace("/people/{id}", world.Path("/people/{other}")).Replace("/posts/{id}", world.Path("/posts/{public}")).Replace("{id}", world.Path("{other}"));

    private static bool IsOf(string path, string pattern)
    {
        var (mine, theirs) = (path.Split('/'), pattern.Split('/'));
        return mine.Length == theirs.Length && mine.Zip(theirs).All(p => p.First == p.Second || p.Second.Length > 0 && p.Second[0] == '{' && p.First[0] == (char)123);
    }
}
