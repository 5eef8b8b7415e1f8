namespace Tidings.Import;

/// <summary>
/// Cuts a stream of bytes into lines without allocating for any of them. One buffer of fixed size is all the memory it takes: a line that is
/// longer than the buffer is passed over and reported as such, so no input makes it grow.
/// Lines end with LF or CR LF; the last one may end with the file. A UTF-8 byte order mark at the start is passed over.
/// </summary>
public sealed class LineReader(Stream source, int lineBytesMax = LineReader.LineBytesMax)
{
    /// <summary>
    /// The longest line by default. A post with the longest text and the most media ids, every character escaped to 6 bytes,
    /// takes some 75,000 bytes.
    /// </summary>
    public const int LineBytesMax = 128 * 1024;

    private readonly byte[] _buffer = new byte[lineBytesMax + 2];
    private int _from;
    private int _to;
    private bool _ended;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next line without its end.</summary>
    /// <param name="tooLong">The line was longer than the buffer: <paramref name="line"/> is empty and the whole line is behind us.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="ImportSourceException">The stream is damaged or cut off.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool tooLong)
    {
        tooLong = false;
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_from, _to - _from);
            var end = rest[searched..].IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = Take(rest, searched + end, ref tooLong);
                _from += searched + end + 1;
                return true;
            }
            searched = rest.Length;
            if (_ended)
            {
                var isLine = searched > 0 || tooLong;
                line = isLine ? Take(rest, rest.Length, ref tooLong) : default;
                _from = _to;
                return isLine;
            }
            if (searched == _buffer.Length)
            {
                tooLong = true;
                (_from, _to, searched) = (0, 0, 0);
            }
            Fill();
        }
    }

    private ReadOnlySpan<byte> Take(ReadOnlySpan<byte> rest, int length, scoped ref bool tooLong)
    {
        Line++;
        var line = rest[..length];
        if (line.EndsWith("\r"u8))
            line = line[..^1];
        if (Line == 1 && line.StartsWith("\uFEFF"u8))
            line = line[3..];
        tooLong |= line.Length > lineBytesMax;
        return tooLong ? default : line;
    }

    private void Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            (_from, _to) = (0, _to - _from);
        }
        try
        {
            var read = source.Read(_buffer, _to, _buffer.Length - _to);
            _ended = read == 0;
            _to += read;
        }
        catch (InvalidDataException e)
        {
            throw new ImportSourceException($"The source is damaged or cut off after line {Line:N0}: {e.Message}", e);
        }
    }
}

/// <summary>The source of an import can't be read on. What was stored before stays, and a rerun goes on from there.</summary>
public sealed class ImportSourceException(string message, Exception? cause = null) : Exception(message, cause);
