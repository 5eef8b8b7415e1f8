using Microsoft.AspNetCore.WebUtilities;
using Tidings.Embedded;
using Tidings.Server.Hosting;
using Tidings.Server.Web;

namespace Tidings.Server.Http;

/// <summary>
/// The outermost step: sets the headers that every answer has and turns whatever goes wrong into a problem document. Operating errors have a
/// status of their own; anything else is a bug, logged with its trace and answered with 500 and nothing of the inside.
/// </summary>
internal sealed class Guard(RequestDelegate next, FailStop failStop, WebFiles files, ILogger<Guard> log)
{
    private const string RetryAfterSeconds = "5";

    public async Task InvokeAsync(HttpContext http)
    {
        SecurityHeaders.Set(http);
        try
        {
            await next(http);
            if (http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
                await EmptyAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception e)
        {
            await FailedAsync(http, e);
        }
    }

    private async Task FailedAsync(HttpContext http, Exception e)
    {
        var stops = failStop.Saw(e);
        if (http.Response.HasStarted)
        {
            ServerLog.AnswerCutOff(log, e, Problems.TraceId(http));
            http.Abort();
            return;
        }

        http.Response.Clear();
        SecurityHeaders.Set(http);
        switch (e)
        {
            case RejectedException rejected:
                await Problems.WriteAsync(http, rejected.Rejection, rejected.Status, rejected.Errors);
                break;
            case BadHttpRequestException bad:
                await Problems.WriteAsync(http, bad.StatusCode, CodeOf(bad.StatusCode), bad.Message);
                break;
            case TooBusyException busy:
                http.Response.Headers.RetryAfter = busy.RetryAfterSeconds;
                await Problems.WriteAsync(http, busy.Status, busy.Code, busy.Message);
                break;
            case StorageFullException:
                ServerLog.StorageFull(log, e, Problems.TraceId(http));
                await Problems.WriteAsync(http, StatusCodes.Status507InsufficientStorage, "storage_full", "The disk is full: nothing was changed.");
                break;
            case var _ when stops:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                await Problems.WriteAsync(
                    http, StatusCodes.Status503ServiceUnavailable, "record_failed", "The record takes no more writes: the server is stopping.");
                break;
            default:
                ServerLog.RequestFailed(log, e, Problems.TraceId(http));
                await Problems.WriteAsync(http, StatusCodes.Status500InternalServerError, "bug", "Something went wrong here.");
                break;
        }
    }

    /// <summary>Statuses that the framework sets without a word: no such route, another method, another content type. A browser gets a page.</summary>
    private Task EmptyAsync(HttpContext http) => WebApp.IsLost(http)
        ? WebApp.PageAsync(http, files.Page)
        : Problems.WriteAsync(http, http.Response.StatusCode, CodeOf(http.Response.StatusCode), http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "There is no such route: /openapi/v1.json names them all.",
            StatusCodes.Status405MethodNotAllowed => $"This route takes {http.Response.Headers.Allow}.",
            StatusCodes.Status415UnsupportedMediaType => "The body is JSON: send Content-Type: application/json.",
            var other => ReasonPhrases.GetReasonPhrase(other),
        });

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => "route_not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status408RequestTimeout => "request_timeout",
        StatusCodes.Status413PayloadTooLarge => "body_too_large",
        StatusCodes.Status415UnsupportedMediaType => "json_needed",
        _ => "bad_request",
    };
}
