using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tidings.Server.Http;

/// <summary>An answer being written: bytes on a rented array that doubles. Knows its length, so the answer needs no chunks.</summary>
internal sealed class PooledBytes(int roomBytes) : IBufferWriter<byte>, IDisposable
{
    public const string JsonType = "application/json; charset=utf-8";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic] private static Utf8JsonWriter? _json;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(roomBytes);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length - Length < Math.Max(sizeHint, 1))
            Grow(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    public void Add<T>(T number) where T : IUtf8SpanFormattable
    {
        number.TryFormat(GetSpan(32), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Add(bool value) => Add(value ? "true"u8 : "false"u8);

    public void AddUtf8(string text) => Length += Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void AddAscii(string text) => Length += Encoding.ASCII.GetBytes(text, GetSpan(text.Length));

    public void AddJson<T>(T value, JsonTypeInfo<T> type)
    {
        var json = _json ??= new Utf8JsonWriter(this, WriterOptions);
        json.Reset(this);
        JsonSerializer.Serialize(json, value, type);
        // The thread keeps the writer, not what it wrote.
        json.Reset(Stream.Null);
    }

    public Task SendAsync(HttpContext http)
    {
        http.Response.ContentType = JsonType;
        http.Response.ContentLength = Length;
        return http.Response.BodyWriter.WriteAsync(_bytes.AsMemory(0, Length), http.RequestAborted).AsTask();
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
