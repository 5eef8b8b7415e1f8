using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace Tidings.Server.Tests.Http;

public sealed class RouteTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] OpenToAll =
        ["GET /livez", "GET /openapi/{documentName}.json", "GET /readyz", "POST /v1/people", "POST /v1/sessions"];

    [Fact]
    public void Every_endpoint_has_a_policy_or_stands_on_the_short_list_of_those_open_to_all()
    {
        var endpoints = server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 50);
        var open = endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        Assert.Equal(OpenToAll, open.Select(Name).Order());
        var without = endpoints.Where(e =>
            e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetOrderedMetadata<IAuthorizeData>().Count == 0);
        Assert.Empty(without.Select(Name));
    }

    [Fact]
    public async Task A_route_that_says_nothing_would_be_for_people_only()
    {
        var policies = server.Get<IAuthorizationPolicyProvider>();
        var fallback = await policies.GetFallbackPolicyAsync();
        Assert.NotNull(fallback);
        var judge = server.Get<IAuthorizationService>();
        Assert.False((await judge.AuthorizeAsync(new System.Security.Claims.ClaimsPrincipal(), null, fallback)).Succeeded);
    }

    private static string Name(RouteEndpoint endpoint) =>
        $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}";
}
