using Tidings.Server.Admin;
using Tidings.Server.Hosting;
using Tidings.Server.Security;

namespace Tidings.Server.Health;

/// <summary>Whether the process lives, whether it takes requests, and its metrics. Told to everyone: nothing here is about anyone.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var uncounted = new CountedAs(null);
        routes.MapGet("/livez", () => TypedResults.Text("ok\n")).IsFor(Access.Anyone).WithMetadata(uncounted).ExcludeFromDescription();
        routes.MapGet("/readyz", Ready).IsFor(Access.Anyone).WithMetadata(uncounted).ExcludeFromDescription();
        routes.MapPrometheusScrapingEndpoint("/metrics").IsFor(Access.Operator).WithMetadata(uncounted);
    }

    /// <summary>With <c>?verbose</c>, part by part.</summary>
    private static IResult Ready(HttpContext http, Readiness readiness, FailStop failStop, ServerStatus status)
    {
        var ready = readiness.IsReady;
        var text = ready ? "ready\n" : "not ready\n";
        if (http.Request.Query.ContainsKey("verbose"))
            text = $"record {(failStop.HasFailed ? "failed" : "ok")}\nfan-out {status.FanOutLag} behind\nrequests {(ready ? "taken" : "not taken")}\n{text}";
        return TypedResults.Text(text, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
