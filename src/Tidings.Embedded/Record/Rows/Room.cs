using System.Buffers;

namespace Tidings.Embedded.Record.Rows;

/// <summary>Bytes to write a row into, given back on disposal.</summary>
internal readonly ref struct Room(int bytes) : IDisposable
{
    private readonly byte[] _rented = ArrayPool<byte>.Shared.Rent(bytes);

    public Span<byte> Span => _rented;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
