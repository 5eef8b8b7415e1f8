using System.Net;
using Microsoft.Extensions.Primitives;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Live;

namespace Tidings.Server.Security;

/// <summary>
/// Finds out who asks, and lets in whoever may use the route: <c>Authorization: Bearer …</c> with a session's token, a service key or an admin
/// key; a service key acts for the person that <c>On-Behalf-Of</c> names. One step of our own instead of the framework's two: every request
/// passes here, and theirs made half of a feed page's garbage.
/// </summary>
internal sealed class Admission(
    RequestDelegate next, KnownCallers callers, LiveTickets tickets, OutsideIssuer outside, RateLimits limits, IPeopleStore people, TimeProvider clock)
{
    public const string OnBehalfOfHeader = "On-Behalf-Of", Scheme = "Bearer", TicketParameter = "ticket";

    private const string Prefix = Scheme + " ";

    private static readonly string[] ForwardedHeaders = ["Forwarded", "X-Forwarded-For", "X-Original-For"];

    public async Task InvokeAsync(HttpContext http)
    {
        var access = AccessRules.Of(http.GetEndpoint());
        if (access != Access.Anyone)
        {
            var found = await IdentifyAsync(http);
            if (!limits.Admits(http, found.IsOk ? found.Value : null))
            {
                await RateLimits.RefuseAsync(http);
                return;
            }
            // Where there is no route, none by that method or for that content, whoever is known may learn so.
            var refusal = !found.IsOk ? found.Rejection : http.GetEndpoint() is RouteEndpoint ? Judge(access, found.Value) : null;
            if (refusal is not null && !(access == Access.Operator && IsThisMachine(http)))
            {
                if (refusal.Kind == RejectionKind.Unauthenticated)
                    http.Response.Headers.WWWAuthenticate = Scheme;
                await Problems.WriteAsync(http, refusal);
                return;
            }
            if (found.IsOk)
                http.Features.Set(found.Value);
        }
        else if (!limits.Admits(http, null))
        {
            await RateLimits.RefuseAsync(http);
            return;
        }
        await next(http);
    }

    private async ValueTask<Result<Caller>> IdentifyAsync(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            StringValues ticket = default;
            var byTicket = AccessRules.TakesTickets(http.GetEndpoint()) && http.Request.Query.TryGetValue(TicketParameter, out ticket);
            return byTicket ? ByTicket(ticket.ToString()) : CredentialsNeeded;
        }
        if (header.Count > 1 || !header[0]!.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return NotBearer;

        if (outside.Issued(header[0].AsSpan(Prefix.Length)))
            return await OutsideAsync(http, header[0]![Prefix.Length..]);
        var caller = await callers.FindAsync(header[0].AsSpan(Prefix.Length), http.RequestAborted);
        if (caller is null)
            return UnknownToken;
        if (caller.ExpiresUnixMs <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            return TokenExpired;
        return http.Request.Headers.TryGetValue(OnBehalfOfHeader, out var person) ? await ForAsync(caller, person.ToString(), http.RequestAborted) : caller;
    }

    private Result<Caller> ByTicket(string ticket) =>
        tickets.Take(ticket) is { } caller && caller.ExpiresUnixMs > clock.GetUtcNow().ToUnixTimeMilliseconds() ? caller : UnknownTicket;

    private async ValueTask<Result<Caller>> OutsideAsync(HttpContext http, string token)
    {
        var found = await outside.FindAsync(token, http.RequestAborted);
        return found.IsOk && http.Request.Headers.ContainsKey(OnBehalfOfHeader) ? ServiceKeyNeeded : found;
    }

    private async ValueTask<Result<Caller>> ForAsync(Caller caller, string text, CancellationToken ct)
    {
        if (caller.Kind != KeyKind.Service)
            return ServiceKeyNeeded;
        return UserId.TryParse(text, out var person) && await people.ExistsAsync(person, ct) ? caller.For(person) : PersonUnknown;
    }

    private static Rejection? Judge(Access access, Caller caller) => access switch
    {
        Access.Person => caller.IsPerson ? null : PersonNeeded,
        _ => caller.Kind switch { KeyKind.Admin => null, KeyKind.Session or KeyKind.Identity => AdminNeeded, _ => PersonNeeded },
    };

    /// <summary>A request that was made on this machine, not passed on by a proxy here.</summary>
    public static bool IsThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !ForwardedHeaders.Any(http.Request.Headers.ContainsKey);

    private static Rejection Refused(string code, string detail) => new(RejectionKind.Unauthenticated, code, detail);

    private static readonly Rejection
        CredentialsNeeded = Refused("credentials_needed", "Send Authorization: Bearer with a session's token or a key."),
        NotBearer = Refused("invalid_token", "The Authorization header is Bearer and one token."),
        UnknownToken = Refused("invalid_token", "This token is not known here: it was never given, or it was signed out or revoked."),
        UnknownTicket = Refused("invalid_ticket", "This ticket is not known here: each opens one connection, within 30 seconds."),
        TokenExpired = Refused("token_expired", "This session has ended: sign in again."),
        ServiceKeyNeeded = Refused("service_key_needed", "Only a service key acts on behalf of a person."),
        PersonUnknown = Refused("person_unknown", "On-Behalf-Of names nobody who is here."),
        AdminNeeded = new(RejectionKind.Forbidden, "admin_needed", "This needs an admin key."),
        PersonNeeded = new(
            RejectionKind.Forbidden, "person_needed",
            "This key may not do this. People's routes need a session, or a service key with On-Behalf-Of; admin routes need an admin key.");
}
