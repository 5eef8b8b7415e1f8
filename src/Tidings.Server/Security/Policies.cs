using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Tidings.People;

namespace Tidings.Server.Security;

/// <summary>Who may do what. A route that says nothing is for people only.</summary>
internal static class Policies
{
    public const string Person = "person", Admin = "admin", Operator = "operator";

    private static readonly string[] ForwardedHeaders = ["Forwarded", "X-Forwarded-For"];

    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddAuthentication(BearerHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null);
        services.AddAuthorization(policies =>
        {
            var person = new AuthorizationPolicyBuilder().RequireAssertion(c => c.User is Caller { IsPerson: true }).Build();
            policies.DefaultPolicy = person;
            policies.FallbackPolicy = person;
            policies.AddPolicy(Person, person);
            policies.AddPolicy(Admin, p => p.RequireAssertion(IsAdmin));
            policies.AddPolicy(Operator, p => p.RequireAssertion(c => IsAdmin(c) || c.Resource is HttpContext http && IsThisMachine(http)));
        });
        return services
            .AddSingleton<KnownCallers>()
            .AddSingleton<SignInLimits>()
            .AddSingleton<PasswordGate>();
    }

    private static bool IsAdmin(AuthorizationHandlerContext context) => context.User is Caller { Kind: KeyKind.Admin };

    /// <summary>A request that was made on this machine, not passed on by a proxy here.</summary>
    public static bool IsThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && !ForwardedHeaders.Any(http.Request.Headers.ContainsKey);
}
