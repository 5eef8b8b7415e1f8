using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.People;

/// <summary>What is one's own: all of it handed out, or all of it gone.</summary>
internal static class PersonalDataEndpoints
{
    private const long FreshMs = 5 * 60 * 1_000;

    public static void MapPersonalData(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/me/export", ExportAsync).WithName("export_me").WithSummary("All that is one's own, a JSON object a line")
            .SaysText(PersonExport.ContentType, 401, 403, 429).WithMetadata(new CountedAs(RouteClass.Exports));
        routes.MapDelete("/me", EraseAsync).WithName("erase_me").WithSummary("Erases oneself and all that is one's own, for good")
            .Accepts<EraseRequest>(isOptional: true, "application/json").SaysNothing(400, 401, 403, 413, 429, 503, 507);
    }

    private static Task ExportAsync(HttpContext http, Caller caller, PersonExport export, CancellationToken ct) =>
        export.WriteAsync(http, caller.Person, ct);

    private static async Task<IResult> EraseAsync(
        HttpContext http, Caller caller, IPeopleStore people, RateLimits limits, PasswordGate gate, Erasures erasures, ServeOptions options,
        TimeProvider clock, CancellationToken ct)
    {
        var hasBody = http.Request.ContentLength is > 0 || http.Request.Headers.TransferEncoding.Count > 0;
        var password = hasBody ? (await Body<EraseRequest>.BindAsync(http, null!))!.Value.Password : null;
        if (password is null && !IsFresh(caller, options, clock.GetUtcNow().ToUnixTimeMilliseconds()))
            return Problems.Answer(SignInAgain);
        if (password is not null && !await IsTheirsAsync(caller.Person, password, people, limits, gate, ct))
            return Problems.Answer(WrongPassword);
        await erasures.CloseAsync(caller.Person, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Whoever found an open session must not be able to do this. A backend has looked at its person itself.</summary>
    private static bool IsFresh(Caller caller, ServeOptions options, long nowUnixMs) => caller.Kind switch
    {
        KeyKind.Session => nowUnixMs - (caller.ExpiresUnixMs - options.SessionMinutes * 60_000L) <= FreshMs,
        KeyKind.Identity => nowUnixMs - caller.SignedInUnixMs <= FreshMs,
        _ => true,
    };

    /// <summary>Counted like a sign-in: it guesses as well.</summary>
    private static async Task<bool> IsTheirsAsync(
        UserId person, string password, IPeopleStore people, RateLimits limits, PasswordGate gate, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { person }, found, ct);
        if (found[0] is null || PersonRules.CheckPassword(password) is not null)
            return false;
        limits.CountHandle(found[0]!.Handle);
        using (await gate.EnterAsync(ct))
            return Password.Verify(password, await people.PasswordHashAsync(person, ct));
    }

    private static readonly Rejection SignInAgain = new(
        RejectionKind.Forbidden, "sign_in_again", "Send the password, or sign in anew: within five minutes of that it isn't needed.");

    private static readonly Rejection WrongPassword = new(RejectionKind.Forbidden, "wrong_password", "The password is wrong.", "password");
}
