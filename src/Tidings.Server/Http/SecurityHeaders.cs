using Microsoft.Extensions.Primitives;

namespace Tidings.Server.Http;

/// <summary>
/// The headers of every answer: it is data for one caller, never a page, never to be kept by anyone between.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly StringValues NoSniff = "nosniff", NoStore = "no-store", NoReferrer = "no-referrer",
        NothingLoads = "default-src 'none'; frame-ancestors 'none'", OneYear = "max-age=31536000";

    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers.CacheControl = NoStore;
        headers["Referrer-Policy"] = NoReferrer;
        headers.ContentSecurityPolicy = NothingLoads;
        if (http.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
    }
}
