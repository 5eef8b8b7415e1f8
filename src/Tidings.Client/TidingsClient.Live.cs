using System.Net.WebSockets;
using Tidings.Client.Wire;

namespace Tidings.Client;

public sealed partial class TidingsClient
{
    public Task<LiveTicketView> MakeLiveTicketAsync(CancellationToken ct) =>
        AskAsync(Request(HttpMethod.Post, "/v1/live/tickets"), WireJson.Wire.LiveTicketView, ct);

    /// <summary>Opens a WebSocket over the same connections as all requests.</summary>
    /// <param name="after">The number of the last frame that was seen, to go on from there; null begins now.</param>
    /// <exception cref="WebSocketException">The server refused, or can't be reached.</exception>
    public async Task<LiveUpdates> OpenLiveAsync(long? after, CancellationToken ct)
    {
        var address = new UriBuilder(new Uri(http.BaseAddress!, "/v1/live"));
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        if (after is { } number)
            address.Query = $"after={number}";
        var socket = new ClientWebSocket();
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (onBehalfOf is not null)
            socket.Options.SetRequestHeader(OnBehalfOfHeader, onBehalfOf);
        try
        {
            await socket.ConnectAsync(address.Uri, http, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        return new LiveUpdates(socket);
    }
}
