using Tidings.Client.Wire;
using Tidings.Live;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.People;

/// <summary>Sign up, sign in, sign out: the two doors that are open to everybody, and the way out.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/people", SignUpAsync).IsFor(Access.Anyone).WithName("sign_up").WithSummary("A person joins and is signed in")
            .Says<SignedUpView>(201, 400, 409, 413, 429, 503, 507).WithMetadata(new CountedAs(RouteClass.SignIn));
        routes.MapPost("/sessions", SignInAsync).IsFor(Access.Anyone).WithName("sign_in").WithSummary("Signs a person in")
            .Says<SessionView>(201, 400, 401, 413, 429, 503, 507).WithMetadata(new CountedAs(RouteClass.SignIn));
        routes.MapDelete("/sessions/current", SignOutAsync).WithName("sign_out").WithSummary("Ends the session that asks")
            .SaysNothing(401, 403, 409, 503, 507);
    }

    private static async Task<IResult> SignUpAsync(
        HttpContext http, Body<SignUpRequest> body, SignUp signUp, SignIn signIn, PersonViews views, PasswordGate gate, CancellationToken ct)
    {
        var asked = body.Value;
        // Looked at here too, so that what is refused anyway doesn't wait in line for a hash.
        if ((PersonRules.Check(asked.Handle, asked.Name, asked.Bio) ?? PersonRules.CheckPassword(asked.Password)) is { } wrong)
            return Problems.Answer(wrong);

        Result<UserId> joined;
        using (await gate.EnterAsync(ct))
            joined = await signUp.ExecuteAsync(asked.Handle, asked.Name, asked.Bio, asked.Password, ct);
        if (!joined.IsOk)
            return Problems.Answer(joined.Rejection);

        var session = await signIn.OpenAsync(joined.Value, ct);
        var person = await views.OneAsync(joined.Value, joined.Value, ct);
        return person.To(p => Answers.Created(http, $"/v1/people/{p.Id}", new SignedUpView(p, View(session)), WireJson.Wire.SignedUpView));
    }

    private static async Task<IResult> SignInAsync(
        Body<SignInRequest> body, SignIn signIn, RateLimits limits, PasswordGate gate, CancellationToken ct)
    {
        limits.CountHandle(body.Value.Handle);
        using (await gate.EnterAsync(ct))
        {
            var session = await signIn.ExecuteAsync(body.Value.Handle, body.Value.Password, ct);
            return session.To(s => Answers.Json(View(s), WireJson.Wire.SessionView, StatusCodes.Status201Created));
        }
    }

    private static async Task<IResult> SignOutAsync(
        Caller caller, ICredentialStore credentials, KnownCallers callers, LiveReaders live, CancellationToken ct)
    {
        if (caller.Kind != KeyKind.Session)
            return Problems.Answer(NoSession);
        await credentials.RemoveAsync(caller.Token, ct);
        callers.Forget(caller.Token);
        live.Recheck(caller.Person);
        return TypedResults.NoContent();
    }

    private static SessionView View(Session session) =>
        new(session.Token, session.Person.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(session.ExpiresUnixMs));

    private static readonly Rejection NoSession =
        new(RejectionKind.Conflict, "no_session", "This came with a service key: there is no session to end.");
}
