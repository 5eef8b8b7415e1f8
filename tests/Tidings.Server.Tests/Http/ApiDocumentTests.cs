using System.Runtime.CompilerServices;
using System.Text.Json;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class ApiDocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_document_that_is_served_is_the_one_checked_in()
    {
        var served = await server.Anonymous.SendAsync("GET", "/openapi/v1.json").TextAsync();
        var checkedIn = await File.ReadAllTextAsync(CheckedIn());
        Assert.True(
            served.TrimEnd() == checkedIn.TrimEnd(),
            "docs/openapi.json is another one. If the change is meant: dotnet run --project src/Tidings.Server -- openapi > docs/openapi.json");
    }

    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_every_operation_has_a_name_a_summary_and_its_answers()
    {
        using var document = JsonDocument.Parse(await server.Anonymous.SendAsync("GET", "/openapi/v1.json").TextAsync());
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString());
        var operations = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).ToList();
        Assert.True(operations.Count > 50);
        Assert.Equal(operations.Count, operations.Select(o => o.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, o =>
        {
            Assert.NotEmpty(o.Value.GetProperty("summary").GetString()!);
            var codes = o.Value.GetProperty("responses").EnumerateObject().Select(r => r.Name).ToList();
            Assert.Contains(codes, c => c[0] == '2' || c == "101");
            Assert.Contains(codes, c => c[0] == '4');
        });
    }

    private static string CheckedIn([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/openapi.json"));
}
