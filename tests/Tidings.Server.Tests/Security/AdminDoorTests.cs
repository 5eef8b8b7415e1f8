using System.Net;
using Tidings.Client;
using Tidings.Server.Hosting;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class AdminDoorTests
{
    [Fact]
    public async Task With_addresses_of_their_own_the_operators_routes_are_nowhere_else()
    {
        await using var server = new RunningServer(TimeProvider.System, o => o with { AdminUrls = "http://127.0.0.1:0" });
        await server.InitializeAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Server.Addresses.Last()) };
        var atTheDoor = new TidingsClient(http, server.Server.NewAdminKey);

        Assert.Equal(200, await atTheDoor.StatusAsync("GET", "/v1/admin/status"));
        Assert.Equal(401, await atTheDoor.As(null).StatusAsync("GET", "/v1/admin/status"));
        Assert.Equal(200, await atTheDoor.StatusAsync("GET", "/metrics"));
        Assert.Equal(200, await atTheDoor.As(null).StatusAsync("GET", "/console"));
        Assert.Equal(200, await atTheDoor.As(null).StatusAsync("GET", "/console/audit"));
        foreach (var path in new[] { "/v1/admin/status", "/v1/admin/keys", "/metrics", "/console", "/console/audit" })
        {
            Assert.Equal("route_not_found", (await server.Admin.SendAsync("GET", path).ProblemAsync(HttpStatusCode.NotFound)).Code);
            var host = new Uri(server.Server.Addresses.Last()).Authority;
            Assert.Equal(404, await server.Admin.StatusAsync("GET", path, null, ("Host", host)));
        }
        Assert.Equal(200, await server.Anonymous.StatusAsync("GET", "/livez"));
        Assert.Equal(200, await atTheDoor.As(null).StatusAsync("GET", "/livez"));
    }

    [Theory]
    [InlineData("?access_token={0}", "", "")]
    [InlineData("?ticket={0}", "", "")]
    [InlineData("?key={0}", "", "")]
    [InlineData("", "X-Api-Key", "{0}")]
    [InlineData("", "Cookie", "token={0}")]
    [InlineData("", "Authorization", "Basic {0}")]
    public async Task An_admin_key_counts_in_its_header_only(string query, string header, string value)
    {
        await using var server = new RunningServer();
        await server.InitializeAsync();
        var key = server.Server.NewAdminKey!;
        (string, string)[] headers = header.Length == 0 ? [] : [(header, value.Replace("{0}", key))];
        Assert.Equal(401, await server.Anonymous.StatusAsync("GET", $"/v1/admin/status{query.Replace("{0}", key)}", null, headers));
    }

    [Fact]
    public void One_port_can_not_be_both()
    {
        Assert.Contains("by the port", Assert.Single(Check(new ServeOptions { AdminUrls = "http://127.0.0.1:8080" })));
        Assert.Contains("--admin-urls", Assert.Single(Check(new ServeOptions { AdminUrls = "8081" })));
        Assert.Contains("--insecure-public", Assert.Single(Check(new ServeOptions { AdminUrls = "http://*:8081" })));
        Assert.Empty(Check(new ServeOptions { AdminUrls = "http://127.0.0.1:8081" }));

        static List<string> Check(ServeOptions options)
        {
            var errors = new List<string>();
            ListenAddresses.Check(options, errors);
            return errors;
        }
    }
}
