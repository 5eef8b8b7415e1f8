using System.Buffers.Binary;
using System.Numerics;

namespace Tidings.Embedded.Record;

/// <summary>
/// A block of RocksDB's write-ahead log: 32 KiB of records, the last block of a file shorter. A batch that doesn't fit is cut into records:
/// first, middle…, last.
/// <code>masked CRC-32C of type and payload (4, little endian) │ payload bytes (2, little endian) │ type (1) │ payload</code>
/// (RocksDB wiki, "Write Ahead Log File Format".)
/// </summary>
internal readonly ref struct LogBlock(ReadOnlySpan<byte> bytes)
{
    public const int Bytes = 32 * 1024;
    public const int HeaderBytes = 7;
    private const byte Full = 1, First = 2;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the record after the one at <paramref name="at"/> begins; −1 where there is no whole record at <paramref name="at"/>.</summary>
    public int Next(int at)
    {
        var end = at + HeaderBytes + Length(at);
        return end <= _bytes.Length && Type(at) != 0 && Crc(at, Length(at)) == Stored(at) ? end : -1;
    }

    /// <summary>Whether a batch begins in the block, at <paramref name="from"/> or anywhere after.</summary>
    public bool HasBatchFrom(int from)
    {
        for (var at = from; at + HeaderBytes < _bytes.Length; at++)
        {
            if (Type(at) is Full or First && Length(at) > 0 && Next(at) > 0) return true;
        }
        return false;
    }

    /// <summary>Whether nothing but zeros is left: room that was never written.</summary>
    public bool IsZeroFrom(int at) => _bytes[at..].IndexOfAnyExcept((byte)0) < 0;

    /// <summary>
    /// Whether the damaged record at <paramref name="at"/>, the last of the log, is the end of a write that was cut off: it stops short of its
    /// length, or a sector of it never reached the disk. Otherwise it was whole, and something changed it.
    /// </summary>
    public bool IsCutOff(int at)
    {
        if (_bytes.Length - at < HeaderBytes) return true;
        if (at + HeaderBytes + Length(at) > _bytes.Length) return !IsWholeWithOtherLength(at);
        return HasEmptySector(at);
    }

    private bool IsWholeWithOtherLength(int at)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, Type(at));
        for (var i = at + HeaderBytes; i < _bytes.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, _bytes[i]);
            if (Mask(~crc) == Stored(at)) return true;
        }
        return false;
    }

    private bool HasEmptySector(int at)
    {
        const int sectorBytes = 512;
        for (var sector = at / sectorBytes * sectorBytes; sector < _bytes.Length; sector += sectorBytes)
        {
            var begin = Math.Max(sector, at);
            var end = Math.Min(sector + sectorBytes, _bytes.Length);
            if (end - begin >= 16 && _bytes[begin..end].IndexOfAnyExcept((byte)0) < 0) return true;
        }
        return false;
    }

    private uint Stored(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);

    private int Length(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(at + 4)..]);

    private byte Type(int at) => _bytes[at + 6];

    private uint Crc(int at, int length)
    {
        var crc = uint.MaxValue;
        var covered = _bytes.Slice(at + 6, 1 + length);
        for (; covered.Length >= sizeof(ulong); covered = covered[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(covered));
        foreach (var rest in covered)
            crc = BitOperations.Crc32C(crc, rest);
        return Mask(~crc);
    }

    private static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + 0xa282ead8u;
}
