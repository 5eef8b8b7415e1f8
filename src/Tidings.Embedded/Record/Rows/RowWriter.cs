using System.Buffers.Binary;
using System.Text;

namespace Tidings.Embedded.Record.Rows;

/// <summary>Writes the fields of a key or a row, one after the other: integers big endian, so that keys sort by number.</summary>
internal ref struct RowWriter(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    public void Byte(byte value) => _room[Length++] = value;

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_room[Length..], value);
        Length += sizeof(uint);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_room[Length..], value);
        Length += sizeof(long);
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleBigEndian(_room[Length..], value);
        Length += sizeof(double);
    }

    /// <summary>7 bits a byte, low first, the high bit on all but the last.</summary>
    public void VarInt(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _room[Length++] = (byte)(value | 0x80);
        _room[Length++] = (byte)value;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    /// <summary>The length as a VarInt, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        VarInt((uint)bytes.Length);
        Raw(bytes);
    }

    public void Text(string text)
    {
        VarInt((uint)Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, _room[Length..]);
    }

    /// <summary>The most bytes that a text can take as a field.</summary>
    public static int TextBytesMax(string text) => 5 + Encoding.UTF8.GetMaxByteCount(text.Length);
}
