using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tidings.Bench.Load;

/// <summary>One HTTP/1.1 connection without a client library: a request goes out in one write, the answer is read as it comes. It costs the
/// generator some microseconds a request, so that the server gets the machine.</summary>
internal sealed class Exchange : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _in = new byte[64 * 1024];
    private int _received, _bodyAt, _length;

    public Exchange(IPEndPoint address)
    {
        _socket.Connect(address);
        _socket.Blocking = false;
    }

    public int Handle => (int)_socket.Handle;

    public RequestBuffer Request { get; } = new();

    /// <summary>The stream of requests that this one belongs to; null while the connection is idle.</summary>
    public LoadStream? Busy { get; set; }

    public long IntendedNs { get; set; }

    public long SentNs { get; set; }

    /// <summary>Whatever the stream wants to remember with the request.</summary>
    public long Tag { get; set; }

    public int Status { get; private set; }

    /// <summary>The answer's body; chunk marks are among it where it was chunked.</summary>
    public ReadOnlySpan<byte> Body => _in.AsSpan(_bodyAt, _received - _bodyAt);

    /// <exception cref="IOException">The request did not fit into the socket's buffer at once.</exception>
    public void Send()
    {
        (_received, _bodyAt, _length) = (0, 0, -1);
        if (_socket.Send(Request.Written) != Request.Written.Length)
            throw new IOException("A request did not go out in one write.");
    }

    /// <summary>Takes what has come.</summary>
    /// <returns>True when the answer is whole.</returns>
    /// <exception cref="IOException">The server closed the connection.</exception>
    public bool Receive()
    {
        while (true)
        {
            if (_received == _in.Length)
                Array.Resize(ref _in, _in.Length * 2);
            var read = _socket.Receive(_in.AsSpan(_received), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return false;
            if (read == 0 || error != SocketError.Success)
                throw new IOException($"The server closed a connection ({error}).");
            _received += read;
            if (IsWhole())
                return true;
        }
    }

    /// <summary>The digits behind <c>"id":"</c> where the body begins with an id; 0 where there are none.</summary>
    public long Id()
    {
        var body = Body;
        var at = body.IndexOf("\"id\":\""u8);
        return at >= 0 && Utf8Parser.TryParse(body[(at + 6)..], out long id, out _) ? id : 0;
    }

    public bool Names(long id)
    {
        Span<byte> digits = stackalloc byte[24];
        id.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        return Body.IndexOf(digits[..written]) >= 0;
    }

    public void Dispose() => _socket.Dispose();

    private bool IsWhole()
    {
        if (_bodyAt == 0 && !ReadHead())
            return false;
        return _length >= 0
            ? _received - _bodyAt >= _length
            : _in.AsSpan(_bodyAt, _received - _bodyAt).EndsWith("0\r\n\r\n"u8);
    }

    private bool ReadHead()
    {
        var head = _in.AsSpan(0, _received);
        var end = head.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        head = head[..end];
        Utf8Parser.TryParse(head[9..], out int status, out _);
        (Status, _bodyAt) = (status, end + 4);
        var at = head.IndexOf("Content-Length: "u8);
        if (at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _))
            _length = length;
        else
            _length = status == (int)HttpStatusCode.NoContent ? 0 : -1;
        return true;
    }
}

/// <summary>A request as bytes, written anew each time without garbage.</summary>
internal sealed class RequestBuffer
{
    private readonly byte[] _bytes = new byte[32 * 1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public RequestBuffer Begin(ReadOnlySpan<byte> text)
    {
        _length = 0;
        return Add(text);
    }

    public RequestBuffer Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
        return this;
    }

    public RequestBuffer Add(long number)
    {
        number.TryFormat(_bytes.AsSpan(_length), out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        return this;
    }
}
