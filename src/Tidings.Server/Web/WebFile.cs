using System.IO.Compression;
using System.Security.Cryptography;

namespace Tidings.Server.Web;

/// <summary>One file of the web app, in memory: as it is, and as Brotli where that is shorter.</summary>
internal sealed class WebFile
{
    private readonly byte[] _plain;
    private readonly Lazy<byte[]> _brotli;
    private readonly string _etag;

    public WebFile(string path, byte[] bytes)
    {
        _plain = bytes;
        _brotli = new Lazy<byte[]>(() => Compress(bytes));
        _etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
        ContentType = Path.GetExtension(path) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            ".webmanifest" => "application/manifest+json",
            var other => throw new InvalidOperationException($"{path}: say what the content type of {other} is."),
        };
    }

    public string ContentType { get; }

    /// <summary>Answers with the file, or with 304 where the browser has it.</summary>
    public Task SendAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ETag = _etag;
        headers.Vary = "Accept-Encoding";
        if (http.Response.StatusCode == StatusCodes.Status200OK && http.Request.Headers.IfNoneMatch.ToString().Contains(_etag, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var body = _plain;
        if (http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal) && _brotli.Value.Length < _plain.Length)
        {
            body = _brotli.Value;
            headers.ContentEncoding = "br";
        }
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static byte[] Compress(byte[] bytes)
    {
        var into = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, into, out var written, quality: 9, window: 18) ? into[..written] : bytes;
    }
}
