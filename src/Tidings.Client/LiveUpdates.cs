using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>
/// Live updates over a WebSocket. It reads one connection to its end and doesn't come back by itself: after the end wait as the
/// <c>bye</c> says, else a second and more each time, and open anew with <see cref="Last"/>. What was missed then follows, or a <c>resync</c>.
/// </summary>
public sealed class LiveUpdates : IAsyncDisposable
{
    private const int FrameBytesMax = 1_024;

    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[FrameBytesMax];

    internal LiveUpdates(ClientWebSocket socket) => _socket = socket;

    /// <summary>The number of the last frame that was read; null before the first.</summary>
    public long? Last { get; private set; }

    /// <summary>Why the server closed, once it has: 1001 it stops, 4401 the credentials ended.</summary>
    public int? CloseStatus => (int?)_socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <summary>Tells the server which posts are on the screen, instead of those before. At most 200.</summary>
    public Task WatchAsync(IReadOnlyList<string> posts, CancellationToken ct) => _socket.SendAsync(
        JsonSerializer.SerializeToUtf8Bytes(new LiveRequest(posts), WireJson.Wire.LiveRequest), WebSocketMessageType.Text, true, ct);

    /// <summary>Reads frames until the server closes.</summary>
    /// <exception cref="WebSocketException">The connection was lost.</exception>
    /// <exception cref="InvalidDataException">A number is missing: the server promises that none is.</exception>
    public async IAsyncEnumerable<LiveFrameView> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (await NextAsync(ct) is { } frame)
            yield return frame;
    }

    /// <summary>The next frame; null once the server has closed.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async ValueTask<LiveFrameView?> NextAsync(CancellationToken ct)
    {
        var length = 0;
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer.AsMemory(length), ct);
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", ct);
                return null;
            }
        }
        while (!part.EndOfMessage);

        var frame = JsonSerializer.Deserialize(_buffer.AsSpan(0, length), WireJson.Wire.LiveFrameView) ?? throw new JsonException("The frame is null.");
        if (Last is { } last && frame.Type != "resync" && frame.Seq != last && frame.Seq != last + 1)
            throw new InvalidDataException($"{frame.Type} has number {frame.Seq} after {last}.");
        Last = frame.Seq;
        return frame;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
