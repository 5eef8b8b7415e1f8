namespace Tidings.Import;

/// <summary>Reads a line of columns between blanks and tabs, as SNAP writes them.</summary>
internal ref struct Columns(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <returns>The next column; empty at the end.</returns>
    public ReadOnlySpan<byte> Next()
    {
        _rest = _rest.TrimStart(" \t"u8);
        var end = _rest.IndexOfAny((byte)' ', (byte)'\t');
        var column = end < 0 ? _rest : _rest[..end];
        _rest = _rest[column.Length..];
        return column;
    }

    /// <returns>Null, or what is wrong with the column.</returns>
    public string? NextId(out ulong id)
    {
        id = 0;
        var column = Next();
        if (column.IsEmpty)
            return TooFew;
        foreach (var c in column)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
                return NotAnId;
            if (id > (ulong.MaxValue - digit) / 10)
                return TooLarge;
            id = id * 10 + digit;
        }
        return null;
    }

    public readonly bool AtEnd => _rest.TrimStart(" \t"u8).IsEmpty;

    public const string TooFew = "it has too few columns";
    public const string TooMany = "it has too many columns";
    public const string NotAnId = "an id is not a non-negative integer";
    public const string TooLarge = "an id is above 18,446,744,073,709,551,615";
    public const string TooLong = "it is too long";

    /// <summary>Blank lines and comments say nothing and are not bad.</summary>
    public static bool SaysNothing(ReadOnlySpan<byte> line)
    {
        var text = line.TrimStart(" \t"u8);
        return text.IsEmpty || text[0] == '#';
    }
}
