using System.Buffers.Binary;
using System.Text;

namespace Tidings.Models.Onnx;

/// <summary>The wire types of protocol buffers that are still in use.</summary>
internal enum Wire { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 }

/// <summary>
/// Walks over the fields of one protocol buffers message. Every length is held against what is left, so no input reads outside the message or
/// makes memory be taken for what isn't there.
/// </summary>
/// <param name="what">The message, for error messages.</param>
internal ref struct ProtoReader(ReadOnlySpan<byte> message, string what)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    public int Field { get; private set; }

    public Wire Wire { get; private set; }

    public bool Next()
    {
        if (_at == _message.Length)
            return false;
        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Wire = (Wire)(tag & 7);
        if (Field == 0 || Wire is not (Wire.Varint or Wire.Fixed64 or Wire.Bytes or Wire.Fixed32))
            throw Bad($"no field begins at byte {_at - 1}");
        return true;
    }

    public long Int64() => Wire == Wire.Varint ? (long)Varint() : throw Bad($"field {Field} is of wire type {Wire}, not {Wire.Varint}");

    public float Float() => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt32LittleEndian(Of(Wire.Fixed32)));

    public ReadOnlySpan<byte> Bytes() => Of(Wire.Bytes);

    public string Text() => Encoding.UTF8.GetString(Of(Wire.Bytes));

    public void Skip()
    {
        if (Wire == Wire.Varint)
            Varint();
        else
            Of(Wire);
    }

    /// <summary>A repeated number, packed or not: both are allowed wherever one is.</summary>
    public void Floats(List<float> into)
    {
        if (Wire == Wire.Fixed32)
        {
            into.Add(Float());
            return;
        }
        var packed = Of(Wire.Bytes);
        if (packed.Length % 4 != 0)
            throw Bad($"field {Field} has {packed.Length} bytes of floats");
        for (var i = 0; i < packed.Length; i += 4)
            into.Add(BinaryPrimitives.ReadSingleLittleEndian(packed[i..]));
    }

    /// <inheritdoc cref="Floats"/>
    public void Int64s(List<long> into)
    {
        if (Wire == Wire.Varint)
        {
            into.Add(Int64());
            return;
        }
        var packed = new ProtoReader(Of(Wire.Bytes), what);
        while (packed._at < packed._message.Length)
            into.Add((long)packed.Varint());
    }

    public readonly ModelFileException Bad(string why) => new($"The {what} is damaged: {why}.");

    private ReadOnlySpan<byte> Of(Wire wire)
    {
        if (Wire != wire)
            throw Bad($"field {Field} is of wire type {Wire}, not {wire}");
        var length = wire switch { Wire.Fixed32 => 4ul, Wire.Fixed64 => 8ul, _ => Varint() };
        if (length > (ulong)(_message.Length - _at))
            throw Bad($"field {Field} claims {length} bytes of {_message.Length - _at}");
        var bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private ulong Varint()
    {
        var value = 0ul;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _message.Length)
                throw Bad("it ends within a number");
            var part = _message[_at++];
            if (shift == 63 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw Bad($"the number before byte {_at} is too long");
    }
}
