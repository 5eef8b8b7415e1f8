using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tidings.Server.Hosting;

namespace Tidings.Server.Security;

/// <summary>A page for the operator: nothing on it is secret, but it is of use only where the admin routes are.</summary>
internal sealed record OperatorsPage;

/// <summary>
/// Where the operator has addresses of their own, the admin routes, the metrics and the console are served there alone: anywhere else they are
/// no routes at all, whoever asks with whatever key. Which address a request came by is told by the port of the connection, not by a header.
/// </summary>
internal static class AdminDoor
{
    public static void UseAdminDoor(this IApplicationBuilder app, ServeOptions options)
    {
        if (options.AdminUrls.Length == 0)
            return;
        var server = app.ApplicationServices.GetRequiredService<IServer>();
        var ports = new Lazy<int[]>(() => PortsOf(server, options));
        app.Use(next => http =>
        {
            if (http.GetEndpoint() is { } endpoint && IsOperators(endpoint) && !ports.Value.Contains(http.Connection.LocalPort))
            {
                http.SetEndpoint(null);
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            return next(http);
        });
    }

    /// <summary>The last of the addresses, as they were given: a free port is known once the server listens.</summary>
    private static int[] PortsOf(IServer server, ServeOptions options)
    {
        var all = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        return [.. all.TakeLast(ListenAddresses.Split(options.AdminUrls).Length).Select(url => BindingAddress.Parse(url).Port)];
    }

    private static bool IsOperators(Endpoint endpoint) =>
        AccessRules.Of(endpoint) is Access.Admin or Access.Operator || endpoint.Metadata.GetMetadata<OperatorsPage>() is not null;
}
