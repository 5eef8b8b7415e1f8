using System.Globalization;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Tidings.Client.Wire;
using Tidings.Live;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.Live;

/// <summary>What happens, as it happens: over a WebSocket or as server-sent events. docs/live.md describes both.</summary>
internal static class LiveEndpoints
{
    public const string Path = "/v1/live";

    /// <summary>A frame is some 100 bytes: what doesn't fit here waits in the reader's ring, not in the kernel.</summary>
    private const int SocketBufferBytes = 16 * 1024;

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20), PongTimeout = TimeSpan.FromSeconds(20), RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly WebSocketAcceptContext Accepted = new() { KeepAliveInterval = PingInterval, KeepAliveTimeout = PongTimeout };

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/live/tickets", MakeTicket).WithMetadata(new CountedAs(RouteClass.Live)).WithName("make_live_ticket")
            .WithSummary("A ticket that opens one live connection within 30 seconds: for browsers").Says<LiveTicketView>(201, 401, 403, 503);
        routes.MapGet("/live", SocketAsync).TakesTickets().WithMetadata(new CountedAs(RouteClass.Live)).WithName("live").WithSummary("Live updates over a WebSocket")
            .Says<LiveFrameView>(101, 400, 401, 403, 426, 429, 503);
        // What GET is to HTTP/1.1: a browser that has an HTTP/2 connection opens its WebSockets there (RFC 8441).
        routes.MapMethods("/live", [HttpMethods.Connect], SocketAsync).TakesTickets().WithMetadata(new CountedAs(RouteClass.Live)).ExcludeFromDescription();
        routes.MapGet("/live/events", EventsAsync).TakesTickets().WithMetadata(new CountedAs(RouteClass.Live)).WithName("live_events").WithSummary("Live updates as server-sent events")
            .Says<LiveFrameView>(200, 400, 401, 403, 429, 503);
    }

    private static IResult MakeTicket(HttpContext http, Caller caller, LiveTickets tickets)
    {
        var (ticket, expires) = tickets.Make(caller);
        http.Response.Headers.CacheControl = "no-store";
        return Answers.Json(
            new LiveTicketView(ticket, DateTimeOffset.FromUnixTimeMilliseconds(expires)), WireJson.Wire.LiveTicketView, StatusCodes.Status201Created);
    }

    private static async Task SocketAsync(
        HttpContext http, Caller caller, [FromQuery] string? after, LiveRelay relay, LiveGate gate, TimeProvider clock)
    {
        gate.CheckOrigin(http);
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await Problems.WriteAsync(http, StatusCodes.Status426UpgradeRequired, "websocket_needed", "This is a WebSocket; /v1/live/events is for others.");
            return;
        }
        var connection = Open(relay, caller, Number(after));
        try
        {
            LimitBuffers(http);
            using var socket = await http.WebSockets.AcceptWebSocketAsync(Accepted);
            await new LiveSocket(socket, connection, relay, clock, gate.Stopped).RunAsync(http.RequestAborted);
        }
        finally
        {
            relay.Close(connection);
        }
    }

    private static async Task EventsAsync(
        HttpContext http, Caller caller, [FromQuery] string? after, [FromQuery] string? watch, LiveRelay relay, LiveGate gate)
    {
        gate.CheckOrigin(http);
        var watched = Watched(watch?.Split(',') ?? []);
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        var connection = Open(relay, caller, Number(last.Length > 0 ? last : after));
        try
        {
            LimitBuffers(http);
            relay.Watch(connection, watched);
            await LiveEventStream.RunAsync(http, connection, relay, gate.Stopped);
        }
        finally
        {
            relay.Close(connection);
        }
    }

    /// <exception cref="RejectedException">Not ids, or too many.</exception>
    public static PostId[] Watched(IReadOnlyList<string> texts)
    {
        if (texts.Count > LiveConnection.WatchedMax)
            throw new RejectedException(Rejection.Invalid("watch", $"At most {LiveConnection.WatchedMax} posts are watched."));
        return [.. texts.Select(text => PostId.TryParse(text, out var post)
            ? post
            : throw new RejectedException(Rejection.Invalid("watch", "What is watched are ids of posts.")))];
    }

    /// <exception cref="RejectedException">Not a number.</exception>
    private static long? Number(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RejectedException(Rejection.Invalid("after", "It is the seq of the last frame that was seen."));
    }

    /// <exception cref="TooBusyException">A limit is reached.</exception>
    private static LiveConnection Open(LiveRelay relay, Caller caller, long? after)
    {
        var opened = relay.Open(caller.Person, caller.Token, caller.ExpiresUnixMs, after);
        if (opened.IsOk)
            return opened.Value;
        var status = opened.Rejection.Code == LiveReaders.FullCode ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status429TooManyRequests;
        throw new TooBusyException(status, opened.Rejection.Code, opened.Rejection.Detail, RetryAfter);
    }

    private static void LimitBuffers(HttpContext http)
    {
        // An HTTP/2 connection has other things to carry; its streams have windows of their own.
        if (HttpProtocol.IsHttp11(http.Request.Protocol) && http.Features.Get<IConnectionSocketFeature>() is { } connection)
            connection.Socket.SendBufferSize = SocketBufferBytes;
        // Nothing is sent for minutes; who doesn't answer pings is cut off.
        if (http.WebSockets.IsWebSocketRequest && http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }
}
