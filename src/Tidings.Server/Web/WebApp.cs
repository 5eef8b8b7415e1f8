using Microsoft.Extensions.Primitives;
using Tidings.Server.Security;

namespace Tidings.Server.Web;

/// <summary>
/// The web app's routes: one page, which finds out by its address what to show, the operator's page, and the files that they load. Everything in
/// them is the same for everybody; what is somebody's comes from the API.
/// </summary>
internal static class WebApp
{
    /// <summary>The addresses that the app's own router knows (<c>wwwroot/js/routes.js</c>). Others are 404, and the page says so.</summary>
    public static readonly string[] Pages =
    [
        "/", "/latest", "/sign-in", "/join", "/@{handle}", "/@{handle}/{list}", "/posts/{id}", "/notifications", "/people", "/people/{list}",
        "/audiences", "/audiences/{id}", "/settings",
    ];

    /// <summary>The addresses of the operator's console (<c>wwwroot/js/console/routes.js</c>). Where the operator has addresses of their own, it is there alone.</summary>
    public static readonly string[] ConsolePages = ["/console", "/console/{view}", "/console/{view}/{name}"];

    public const string Files = "/assets/{version}/{**path}";

    /// <summary>No inline script or style, no eval, nothing from elsewhere, and no text that becomes markup: Trusted Types without a policy.</summary>
    private static readonly StringValues Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly StringValues Apart = "same-origin", NoDevices = "camera=(), geolocation=(), microphone=()",
        AskAgain = "no-cache", KeepForGood = "public, max-age=31536000, immutable";

    /// <summary>A first visit asks for each file once: an office behind one address must not use up its limit with that.</summary>
    private static readonly CountedAs Uncounted = new(null);

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddWebApp(this IServiceCollection services) => services.AddSingleton<WebFiles>();

    public static void MapWebApp(this IEndpointRouteBuilder routes)
    {
        var files = routes.ServiceProvider.GetRequiredService<WebFiles>();
        foreach (var page in Pages)
            Open(routes, page, http => PageAsync(http, files.Page));
        foreach (var page in ConsolePages)
            Open(routes, page, http => PageAsync(http, files.Console)).WithMetadata(new OperatorsPage());
        Open(routes, Files, http => FileAsync(http, files));
    }

    private static IEndpointConventionBuilder Open(IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) =>
        routes.MapMethods(pattern, Methods, answer).IsFor(Access.Anyone).WithMetadata(Uncounted).ExcludeFromDescription();

    /// <summary>Whether someone at a browser went to an address where there is nothing: the app tells them so. The API answers as ever.</summary>
    public static bool IsLost(HttpContext http) =>
        http.Response.StatusCode == StatusCodes.Status404NotFound && Methods.Contains(http.Request.Method, StringComparer.OrdinalIgnoreCase)
        && !AccessRules.IsApi(http.Request.Path) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task PageAsync(HttpContext http, WebFile page)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = Apart;
        headers["Permissions-Policy"] = NoDevices;
        headers.CacheControl = AskAgain;
        return page.SendAsync(http);
    }

    private static Task FileAsync(HttpContext http, WebFiles files)
    {
        if (files.Find((string)http.Request.RouteValues["version"]!, (string?)http.Request.RouteValues["path"] ?? "") is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        http.Response.Headers["Cross-Origin-Resource-Policy"] = Apart;
        http.Response.Headers.CacheControl = KeepForGood;
        return file.SendAsync(http);
    }
}
