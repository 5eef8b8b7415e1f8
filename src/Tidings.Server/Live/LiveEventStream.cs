using System.Buffers.Text;
using System.IO.Pipelines;
using Tidings.Live;

namespace Tidings.Server.Live;

/// <summary>
/// A live connection as server-sent events: the same frames as over a WebSocket, each the <c>data</c> of an event whose <c>id</c> is its number,
/// so that a browser resumes by itself. A comment now and then tells both ends that the other is there; the server cuts off who doesn't take
/// what is sent, by its rule for answers.
/// </summary>
internal static class LiveEventStream
{
    private const int NumberDigitsMax = 19;

    public static async Task RunAsync(HttpContext http, LiveConnection connection, LiveRelay relay, CancellationToken stopped)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await using var onAbort = http.RequestAborted.UnsafeRegister(static c => ((LiveConnection)c!).End(ByeReason.Left), connection);
        try
        {
            await SendAsync(http.Response.BodyWriter, connection, relay, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private static async Task SendAsync(PipeWriter body, LiveConnection connection, LiveRelay relay, CancellationToken stopped)
    {
        while (true)
        {
            var batch = relay.Rent();
            int count;
            while ((count = await relay.TakeAsync(connection, batch, stopped)) > 0)
            {
                for (var i = 0; i < count; i++)
                    Write(batch.Frames[i], body);
                await body.FlushAsync(stopped);
            }
            relay.Return(batch);
            if (connection.IsEnded)
                return;
            await connection.WaitAsync();
        }
    }

    private static void Write(in LiveFrame frame, PipeWriter body)
    {
        if (frame.Kind == FrameKind.Beat)
        {
            Add(body, ":\n\n"u8);
            return;
        }
        if (frame.Kind == FrameKind.Hello)
            Add(body, "retry: 2000\n"u8);
        Add(body, "id: "u8);
        Utf8Formatter.TryFormat(frame.Seq, body.GetSpan(NumberDigitsMax), out var digits);
        body.Advance(digits);
        Add(body, "\ndata: "u8);
        body.Advance(LiveFrames.Write(frame, body.GetSpan(LiveFrames.BytesMax)));
        Add(body, "\n\n"u8);
    }

    private static void Add(PipeWriter body, ReadOnlySpan<byte> text)
    {
        text.CopyTo(body.GetSpan(text.Length));
        body.Advance(text.Length);
    }
}
