using System.Buffers.Binary;
using System.Text;

namespace Tidings.Embedded.Record.Rows;

/// <summary>Reads what <see cref="RowWriter"/> wrote. A row that ends early or has an unknown version is damage, never a default.</summary>
/// <param name="table">Named in the error.</param>
internal ref struct RowReader(string table, ReadOnlySpan<byte> row)
{
    private ReadOnlySpan<byte> _rest = row;

    public readonly int Left => _rest.Length;

    public void Version(byte known)
    {
        var version = Byte();
        if (version != known)
            throw new RecordDamagedException(table, $"A row has version {version} where {known} is expected.");
    }

    /// <returns>The row's version, where there are several that can be read.</returns>
    public byte VersionUpTo(byte newest)
    {
        var version = Byte();
        return version >= 1 && version <= newest
            ? version
            : throw new RecordDamagedException(table, $"A row has version {version} where {newest} is the newest known.");
    }

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    public uint VarInt()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte();
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new RecordDamagedException(table, "A number in a row does not end.");
    }

    public ReadOnlySpan<byte> Bytes() => Take((int)Math.Min(VarInt(), int.MaxValue));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Rest() => Take(Left);

    public void End()
    {
        if (_rest.Length != 0)
            throw new RecordDamagedException(table, $"A row has {_rest.Length} bytes too many.");
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (_rest.Length < bytes)
            throw new RecordDamagedException(table, $"A row ends {bytes - _rest.Length} bytes early.");
        var taken = _rest[..bytes];
        _rest = _rest[bytes..];
        return taken;
    }
}
