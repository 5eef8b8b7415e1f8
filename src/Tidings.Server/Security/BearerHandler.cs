using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Tidings.People;
using Tidings.Server.Http;

namespace Tidings.Server.Security;

/// <summary>
/// <c>Authorization: Bearer …</c> with a session's token, a service key or an admin key. A service key acts for the person that
/// <c>On-Behalf-Of</c> names.
/// </summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    KnownCallers callers, IPeopleStore people, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer", OnBehalfOfHeader = "On-Behalf-Of";

    private const string Prefix = "Bearer ";

    private Rejection _why = Refused("credentials_needed", "Send Authorization: Bearer with a session's token or a key.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
            return AuthenticateResult.NoResult();
        if (header.Count > 1 || !header[0]!.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Fail("invalid_token", "The Authorization header is Bearer and one token.");

        var caller = await callers.FindAsync(header[0].AsSpan(Prefix.Length), Context.RequestAborted);
        if (caller is null)
            return Fail("invalid_token", "This token is not known here: it was never given, or it was signed out or revoked.");
        if (caller.ExpiresUnixMs <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            return Fail("token_expired", "This session has ended: sign in again.");
        return Request.Headers.TryGetValue(OnBehalfOfHeader, out var person)
            ? await ForAsync(caller, person.ToString())
            : caller.Ticket;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Problems.WriteAsync(Context, _why);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, Context.User is Caller { Kind: KeyKind.Session } ? NeedsAdmin : NeedsPerson);

    private async ValueTask<AuthenticateResult> ForAsync(Caller caller, string text)
    {
        if (caller.Kind != KeyKind.Service)
            return Fail("service_key_needed", "Only a service key acts on behalf of a person.");
        var found = new Person?[1];
        if (UserId.TryParse(text, out var person))
            await people.GetAsync(new[] { person }, found, Context.RequestAborted);
        return found[0] is null
            ? Fail("person_unknown", "On-Behalf-Of names nobody who is here.")
            : caller.For(person).Ticket;
    }

    private AuthenticateResult Fail(string code, string detail)
    {
        _why = Refused(code, detail);
        return AuthenticateResult.Fail(detail);
    }

    private static Rejection Refused(string code, string detail) => new(RejectionKind.Unauthenticated, code, detail);

    private static readonly Rejection NeedsAdmin =
        new(RejectionKind.Forbidden, "admin_needed", "This needs an admin key.");

    private static readonly Rejection NeedsPerson = new(
        RejectionKind.Forbidden, "person_needed",
        "This key may not do this. People's routes need a session, or a service key with On-Behalf-Of; admin routes need an admin key.");
}
