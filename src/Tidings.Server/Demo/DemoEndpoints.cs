using System.Net;
using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.Demo;

/// <summary>
/// Who can be tried out, and signing in as one of them by a click. These routes are there in a demo only, which listens on loopback only; and they
/// answer only what came to this machine under a name of this machine, so neither a proxy in front nor a page elsewhere whose name was
/// pointed here gets a session. What it opens is what the terminal shows anyway: made-up people in a made-up record.
/// </summary>
internal static class DemoEndpoints
{
    public static void MapDemo(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/demo", People).IsFor(Access.Anyone).ExcludeFromDescription();
        routes.MapPost("/demo/sessions", SignInAsync).IsFor(Access.Anyone).WithMetadata(new CountedAs(RouteClass.SignIn)).ExcludeFromDescription();
    }

    private static IResult People(HttpContext http, DemoLoop demo) => IsHere(http)
        ? Answers.Json(
            new Page<PersonSummary>([.. demo.Network!.People.Select(p => new PersonSummary(p.Id.ToString(), p.Handle, p.Name))], null),
            WireJson.Wire.PagePersonSummary)
        : Problems.Answer(Rejection.NotFound("demo"));

    private static async Task<IResult> SignInAsync(
        HttpContext http, Body<DemoSignInRequest> body, DemoLoop demo, SignIn signIn, CancellationToken ct)
    {
        if (!IsHere(http) || demo.Network!.People.FirstOrDefault(p => p.Handle == body.Value.Handle) is not { } person)
            return Problems.Answer(Rejection.NotFound("person"));
        var session = await signIn.OpenAsync(person.Id, ct);
        return Answers.Json(
            new SessionView(session.Token, session.Person.ToString(), DateTimeOffset.FromUnixTimeMilliseconds(session.ExpiresUnixMs)),
            WireJson.Wire.SessionView, StatusCodes.Status201Created);
    }

    private static bool IsHere(HttpContext http) =>
        Admission.IsThisMachine(http)
        && (http.Request.Host.Host == "localhost" || IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host));
}
