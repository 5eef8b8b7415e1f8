using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Tidings.Server.Tests.Matrix;

public sealed partial class MatrixTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string> Requests => [.. Table.Rows.Select(r => $"{r.Method} {r.Path}")];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Every_route_answers_every_caller_as_the_table_says(string request)
    {
        var row = Table.Rows.Single(r => $"{r.Method} {r.Path}" == request);
        var world = await World.MakeAsync(server);
        var got = new int[row.Statuses.Length];
        for (var caller = World.Callers.Length - 1; caller >= 0; caller--)
            got[caller] = await world.Client(World.Callers[caller]).StatusAsync(row.Method, world.Path(row.Path), row.Body is null ? null : world.Path(row.Body));
        Assert.Equal(row.Statuses, got);
    }

    [Fact]
    public void The_table_has_every_route()
    {
        // CONNECT is the WebSocket's GET on HTTP/2, and the same handler: no plain request can ask for it.
        var tested = Table.Rows.Select(r => $"{r.Method} {Shape(r.Path)}").Append("CONNECT /v1/live").ToHashSet();
        var routes = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {Shape(e.RoutePattern.RawText!)}"));
        Assert.All(routes, route => Assert.Contains(route, tested));
    }

    private static string Shape(string path) => Parameter().Replace(path.Split('?')[0], "*");

    [GeneratedRegex(@"\{[a-z]+\}|(?<=/keys/)0+")]
    private static partial Regex Parameter();
}
