using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Tidings.People;
using Tidings.Server.Http;

namespace Tidings.Server.Live;

/// <summary><c>?ticket=…</c> in the place of the header, on the live routes alone.</summary>
internal sealed class TicketHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, LiveTickets tickets, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Ticket", Parameter = "ticket";

    private static readonly Rejection Refused =
        new(RejectionKind.Unauthenticated, "invalid_ticket", "This ticket is not known here: each opens one connection, within 30 seconds.");

    /// <summary>The scheme that answers for a request; null for the usual one.</summary>
    public static string? SchemeFor(HttpContext http) =>
        http.Request.Path.StartsWithSegments(LiveEndpoints.Path) && HttpMethods.IsGet(http.Request.Method)
        && http.Request.Headers.Authorization.Count == 0 && http.Request.Query.ContainsKey(Parameter)
            ? SchemeName
            : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var caller = tickets.Take(Request.Query[Parameter].ToString());
        return Task.FromResult(caller is not null && caller.ExpiresUnixMs > clock.GetUtcNow().ToUnixTimeMilliseconds()
            ? caller.Ticket
            : AuthenticateResult.Fail(Refused.Detail));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Problems.WriteAsync(Context, Refused);
}
