using System.IO.Compression;

namespace Tidings.Import;

/// <summary>A file to import from, plain or gzip: told apart by its first two bytes, not by its name.</summary>
public sealed class SourceFile : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly Stream _raw;

    /// <param name="raw">Seekable; owned by this from now on.</param>
    public SourceFile(Stream raw, string name)
    {
        _raw = raw;
        Name = name;
        BytesTotal = raw.Length;
        Span<byte> magic = stackalloc byte[2];
        var isGzip = raw.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        raw.Position = 0;
        Content = isGzip ? new GZipStream(raw, CompressionMode.Decompress) : raw;
    }

    /// <exception cref="IOException">There is no such file, or it can't be opened.</exception>
    public static SourceFile Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan), Path.GetFileName(path));

    public string Name { get; }

    /// <summary>The size of the file as it lies on the disk.</summary>
    public long BytesTotal { get; }

    /// <summary>How much of <see cref="BytesTotal"/> was read.</summary>
    public long BytesRead => _raw.Position;

    public Stream Content { get; }

    public void Dispose()
    {
        Content.Dispose();
        _raw.Dispose();
    }
}
