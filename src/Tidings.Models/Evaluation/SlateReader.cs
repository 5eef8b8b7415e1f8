using System.Text.Json;
using Tidings.Import;

namespace Tidings.Models.Evaluation;

/// <summary>Slates from NDJSON, one a line, blank lines allowed. Lines that can't be used are counted and named, and nothing in a line throws.</summary>
public sealed class SlateReader(Stream source, BadLines bad)
{
    /// <summary>The longest line: a slate of 10,000 candidates with all their features has some 5 MB.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    private readonly LineReader _lines = new(source, LineBytesMax);
    private readonly SlateJson _json = new();

    public long Line => _lines.Line;

    /// <returns>Null at the end.</returns>
    /// <exception cref="TooManyBadLinesException"/>
    /// <exception cref="ImportSourceException">The source is damaged or cut off.</exception>
    public LabelledSlate? Read()
    {
        while (_lines.TryRead(out var line, out var tooLong))
        {
            if (tooLong)
            {
                bad.Add(Line, $"it is longer than {LineBytesMax / 1_048_576} MiB");
                continue;
            }
            if (line.Trim(" \t"u8).IsEmpty)
                continue;
            try
            {
                return _json.Read(line);
            }
            catch (BadSlateException e)
            {
                bad.Add(Line, e.Message);
            }
            catch (JsonException e)
            {
                bad.Add(Line, $"it is not JSON at byte {e.BytePositionInLine}");
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                bad.Add(Line, $"a value is of another kind than expected: {e.Message}");
            }
        }
        return null;
    }
}
