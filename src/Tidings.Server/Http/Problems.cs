using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>
/// Problem documents (RFC 9457). The type is <c>about:blank</c>, so the title is that of the status; what clients tell problems apart by is
/// the <c>code</c>.
/// </summary>
public static class Problems
{
    public const string ContentType = "application/problem+json";

    private const int TraceIdChars = 32;

    public static int StatusOf(RejectionKind kind) => kind switch
    {
        RejectionKind.Invalid => StatusCodes.Status400BadRequest,
        RejectionKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RejectionKind.Forbidden => StatusCodes.Status403Forbidden,
        RejectionKind.NotFound => StatusCodes.Status404NotFound,
        RejectionKind.Conflict or RejectionKind.LimitReached => StatusCodes.Status409Conflict,
        RejectionKind.KeyReused => StatusCodes.Status422UnprocessableEntity,
        RejectionKind.Expired => StatusCodes.Status410Gone,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static IResult Answer(Rejection rejection) => new ProblemAnswer(rejection, StatusOf(rejection.Kind));

    public static IResult Answer(Rejection rejection, int status) => new ProblemAnswer(rejection, status);

    public static Task WriteAsync(
        HttpContext http, Rejection rejection, int? status = null, IReadOnlyList<FieldError>? errors = null) =>
        WriteAsync(http, status ?? StatusOf(rejection.Kind), rejection.Code, rejection.Detail,
            errors ?? (rejection.Field is { } field ? [new FieldError(field, rejection.Detail)] : null));

    public static Task WriteAsync(
        HttpContext http, int status, string code, string detail, IReadOnlyList<FieldError>? errors = null)
    {
        var problem = new Problem(
            "about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, code, TraceId(http), errors);
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(problem, WireJson.Wire.Problem, ContentType, http.RequestAborted);
    }

    /// <summary>The trace of the request, 32 hex digits: the caller's (<c>traceparent</c>), or one made here where it is first asked for. Most
    /// requests never are, so none is made beforehand.</summary>
    public static string TraceId(HttpContext http)
    {
        if (Activity.Current is { } activity)
            return activity.TraceId.ToHexString();
        if (http.TraceIdentifier.Length != TraceIdChars)
        {
            var known = ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var parent);
            http.TraceIdentifier = (known ? parent.TraceId : ActivityTraceId.CreateRandom()).ToHexString();
        }
        return http.TraceIdentifier;
    }

    private sealed class ProblemAnswer(Rejection rejection, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, rejection, status);
    }
}
