using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Live;
using Tidings.Server.Http;

namespace Tidings.Server.Live;

/// <summary>
/// A live connection over a WebSocket: one loop sends what the relay has, one reads what the client watches. While nothing happens neither
/// holds a buffer. A send that the client doesn't take waits; nobody else waits for it. The framework pings, and cuts off who doesn't answer.
/// </summary>
/// <param name="stopped">When it is cancelled the goodbye has had its time.</param>
internal sealed class LiveSocket(WebSocket socket, LiveConnection connection, LiveRelay relay, TimeProvider clock, CancellationToken stopped)
{
    /// <summary>Room for 200 ids and what stands around them.</summary>
    public const int MessageBytesMax = 8 * 1024;

    /// <summary>Messages of a client: so many at once, one more with each interval.</summary>
    private const int MessagesMax = 20;
    private const int MessageIntervalMs = 200;

    /// <summary>How long a client may take to close its side.</summary>
    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(2);

    /// <summary>4401: sign in before coming back.</summary>
    private const WebSocketCloseStatus CredentialsEnded = (WebSocketCloseStatus)4401;

    private long _nextMessageMs;
    private (WebSocketCloseStatus Status, string Why)? _refused;

    public async Task RunAsync(CancellationToken aborted)
    {
        await using var onAbort = aborted.UnsafeRegister(static c => ((LiveConnection)c!).End(ByeReason.Left), connection);
        var receiving = ReceiveAsync();
        try
        {
            await SendAsync();
            await CloseAsync(receiving);
        }
        catch (Exception e) when (IsLost(e))
        {
            // The client is gone, or has been cut off: it comes back with the number that it saw last.
            connection.End(ByeReason.Left);
        }
        socket.Abort();
        await receiving;
    }

    private async Task SendAsync()
    {
        while (true)
        {
            var batch = relay.Rent();
            int count;
            while ((count = await relay.TakeAsync(connection, batch, stopped)) > 0)
                await SendAsync(batch.Frames.AsMemory(0, count));
            relay.Return(batch);
            if (connection.IsEnded)
                return;
            await connection.WaitAsync();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<LiveFrame> frames)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LiveFrames.BytesMax);
        for (var i = 0; i < frames.Length; i++)
        {
            var bytes = LiveFrames.Write(frames.Span[i], buffer);
            if (bytes > 0)
                await socket.SendAsync(buffer.AsMemory(0, bytes), WebSocketMessageType.Text, true, stopped);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Ends with the client's side of the socket. Once something was refused, what follows is dropped.</summary>
    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                // Without room this waits for the first byte, and holds nothing meanwhile.
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (first.MessageType == WebSocketMessageType.Close)
                    return;
                await ReadMessageAsync(first);
            }
        }
        catch (Exception e) when (IsLost(e))
        {
            return;
        }
        finally
        {
            connection.End(ByeReason.Left);
        }
    }

    private async ValueTask ReadMessageAsync(ValueWebSocketReceiveResult part)
    {
        if (part.MessageType != WebSocketMessageType.Text)
            Refuse(WebSocketCloseStatus.InvalidMessageType, "text, not binary");
        if (!IsAllowed())
            Refuse(WebSocketCloseStatus.PolicyViolation, "too many messages");
        var buffer = ArrayPool<byte>.Shared.Rent(MessageBytesMax + 1);
        try
        {
            var length = 0;
            while (!part.EndOfMessage && length <= MessageBytesMax)
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length, MessageBytesMax + 1 - length), CancellationToken.None);
                length += part.Count;
            }
            if (length > MessageBytesMax)
                Refuse(WebSocketCloseStatus.MessageTooBig, $"at most {MessageBytesMax} bytes");
            while (!part.EndOfMessage)
                part = await socket.ReceiveAsync(buffer.AsMemory(0, MessageBytesMax), CancellationToken.None);
            if (!connection.IsEnded)
                Watch(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Watch(ReadOnlySpan<byte> message)
    {
        try
        {
            var said = JsonSerializer.Deserialize(message, WireJson.Wire.LiveRequest) ?? throw new JsonException("The message is null.");
            relay.Watch(connection, LiveEndpoints.Watched(said.Watch));
        }
        catch (JsonException)
        {
            Refuse(WebSocketCloseStatus.PolicyViolation, "a message is {\"watch\":[ids]}");
        }
        catch (RejectedException e)
        {
            Refuse(WebSocketCloseStatus.PolicyViolation, e.Rejection.Detail);
        }
    }

    private void Refuse(WebSocketCloseStatus status, string why)
    {
        _refused ??= (status, why);
        connection.End(ByeReason.Left);
    }

    private bool IsAllowed()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        _nextMessageMs = Math.Max(_nextMessageMs, now - MessagesMax * MessageIntervalMs) + MessageIntervalMs;
        return _nextMessageMs <= now;
    }

    private async Task CloseAsync(Task receiving)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            var (status, why) = _refused ?? Ending();
            await socket.CloseOutputAsync(status, why, stopped);
        }
        await receiving.WaitAsync(CloseMax, clock, stopped);
    }

    private (WebSocketCloseStatus Status, string Why) Ending() => connection.Bye switch
    {
        ByeReason.Stopping => (WebSocketCloseStatus.EndpointUnavailable, "stopping"),
        ByeReason.SignedOut => (CredentialsEnded, "signed_out"),
        ByeReason.Expired => (CredentialsEnded, "expired"),
        _ => (WebSocketCloseStatus.NormalClosure, ""),
    };

    private static bool IsLost(Exception e) =>
        e is WebSocketException or OperationCanceledException or TimeoutException or IOException or ObjectDisposedException;
}
