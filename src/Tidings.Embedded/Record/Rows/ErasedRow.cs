using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>How far the erasure of a person is. The numbers are part of the stored format.</summary>
internal enum ErasureStage : byte
{
    /// <summary>Nobody may act for them or about them; their rows are being removed.</summary>
    Closed = 1,
    /// <summary>Their rows are removed; the files still hold what the rows were.</summary>
    Erased = 2,
    /// <summary>The files have been written anew since.</summary>
    Compacted = 3,
}

/// <summary>
/// meta, "erased/…": who was erased. It stays: the id is never anybody else's.
/// <code>
/// key    "erased/" │ person (4)
/// value  version (1, = 1) │ stage (1: 1 closed, 2 erased, 3 compacted) │ since, Unix ms (8)
/// </code>
/// </summary>
internal readonly record struct ErasedRow(ErasureStage Stage, long SinceUnixMs)
{
    private const byte Version = 1;
    public const int KeyBytes = 7 + 4;
    public const int Bytes = 1 + 1 + 8;

    public static ReadOnlySpan<byte> Prefix => "erased/"u8;

    public static ReadOnlySpan<byte> Key(Span<byte> room, uint person)
    {
        Prefix.CopyTo(room);
        var key = new RowWriter(room[Prefix.Length..]);
        key.UInt32(person);
        return room[..KeyBytes];
    }

    public static uint PersonOf(ReadOnlySpan<byte> key) => new RowReader("meta", key[Prefix.Length..]).UInt32();

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte((byte)Stage);
        row.Int64(SinceUnixMs);
        return row.Written;
    }

    public static ErasedRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("meta", value);
        row.Version(Version);
        var read = new ErasedRow((ErasureStage)row.Byte(), row.Int64());
        row.End();
        return read;
    }
}
