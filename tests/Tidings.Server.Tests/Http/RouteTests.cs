using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tidings.Server.Security;
using Tidings.Server.Web;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class RouteTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] OpenToAll =
    [
        "GET /livez", "GET /openapi/{documentName}.json", "GET /readyz", "POST /v1/people", "POST /v1/sessions",
        .. WebApp.Pages.Concat(WebApp.ConsolePages).Append(WebApp.Files).Select(path => $"GET {path}"),
    ];

    [Fact]
    public void What_is_open_to_all_stands_on_a_short_list()
    {
        var endpoints = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 50);
        Assert.Equal(OpenToAll.Order(), endpoints.Where(e => AccessRules.Of(e) == Access.Anyone).Select(Name).Order());
    }

    [Fact]
    public void A_route_that_says_nothing_is_for_people_only()
    {
        Assert.Equal(Access.Person, AccessRules.Of([]));
        Assert.Equal(Access.Person, AccessRules.Of((Endpoint?)null));
    }

    [Theory]
    [InlineData("GET", "/v1/admin/nowhere", null, 404)]
    [InlineData("PATCH", "/v1/admin/ranking", "{}", 405)]
    [InlineData("PUT", "/v1/admin/model", "{}", 415)]
    public async Task A_key_of_any_kind_is_told_that_there_is_no_such_route(string method, string path, string? body, int status)
    {
        Assert.Equal(status, await server.Admin.StatusAsync(method, path, body));
        var person = await server.JoinAsync("person");
        Assert.Equal(status, await person.Client.StatusAsync(method, path, body));
        using var nobody = new HttpRequestMessage(new HttpMethod(method), path);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Http.SendAsync(nobody)).StatusCode);
    }

    private static string Name(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}";
}
