using System.Text.Json.Serialization.Metadata;
using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>How handlers answer, and how endpoints say what they answer.</summary>
internal static class Answers
{
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        new JsonAnswer<T>(value, type, status);

    public static IResult Created<T>(HttpContext http, string location, T value, JsonTypeInfo<T> type)
    {
        http.Response.Headers.Location = location;
        return Json(value, type, StatusCodes.Status201Created);
    }

    /// <summary>A value, or the problem why there is none.</summary>
    public static IResult To<T>(this Result<T> result, Func<T, IResult> answer) =>
        result.IsOk ? answer(result.Value) : Problems.Answer(result.Rejection);

    /// <summary>Declares the answer of an endpoint and the statuses of its problems.</summary>
    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder endpoint, int status, params ReadOnlySpan<int> problems) =>
        Problem(endpoint.Produces<T>(status), problems);

    /// <summary>An answer that is no JSON.</summary>
    public static RouteHandlerBuilder SaysText(this RouteHandlerBuilder endpoint, string contentType, params ReadOnlySpan<int> problems) =>
        Problem(endpoint.Produces<string>(StatusCodes.Status200OK, contentType), problems);

    public static RouteHandlerBuilder SaysNothing(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> problems) =>
        Problem(endpoint.Produces(StatusCodes.Status204NoContent), problems);

    private static RouteHandlerBuilder Problem(RouteHandlerBuilder endpoint, ReadOnlySpan<int> problems)
    {
        foreach (var status in problems)
            endpoint.Produces<Problem>(status, Problems.ContentType);
        return endpoint;
    }

    /// <summary>An answer is small: serialised at once and sent whole, with its length.</summary>
    private sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status) : IResult
    {
        private const int UsualBytes = 2_048;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            using var bytes = new PooledBytes(UsualBytes);
            bytes.AddJson(value, type);
            await bytes.SendAsync(httpContext);
        }
    }
}
