using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Tidings.Server.Http;

/// <summary>How large and how slow a request may be.</summary>
internal static class HttpLimits
{
    /// <summary>Room for the longest text, every character of it escaped.</summary>
    public const int BodyBytesMax = 64 * 1024;
    public const int HeaderBytesMax = 16 * 1024;
    public const int HeadersMax = 64;
    public const int RequestLineBytesMax = 4 * 1024;
    public const int ConnectionsMax = 10_000;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        kestrel.Limits.MaxRequestHeaderCount = HeadersMax;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = IdleTimeout;
    }
}
