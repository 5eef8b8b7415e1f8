using System.Text.Json;
using Tidings.Posts;

namespace Tidings.Import;

/// <param name="Id">The person's id in the source, by which an edge list may name them; null where none is given.</param>
public sealed record PersonLine(long Line, string? Id, string Handle, string Name, string Bio);

/// <param name="Author">A handle.</param>
public sealed record PostLine(
    long Line, string Author, PostType Type, Audience Audience, PostBody Body, long CreatedUnixMs);

/// <summary>
/// People and posts from NDJSON: one JSON object on each line, blank lines allowed. A line with an unknown, repeated or missing field, or one
/// that breaks a rule of the house, is a bad line. Nothing that a line holds makes this throw.
/// </summary>
/// <param name="latestUnixMs">No post was made after this: the clock of the reader.</param>
public sealed class NdjsonReader(Stream source, BadLines bad, long latestUnixMs)
{
    private readonly LineReader _lines = new(source);

    /// <inheritdoc cref="EdgeListReader.Line"/>
    public long Line => _lines.Line;

    /// <summary>The next good person; null at the end.</summary>
    /// <exception cref="TooManyBadLinesException"/>
    /// <exception cref="ImportSourceException"/>
    public PersonLine? ReadPerson() => Read(PersonJson.Parse);

    /// <summary>The next good post; null at the end.</summary>
    /// <inheritdoc cref="ReadPerson" path="/exception"/>
    public PostLine? ReadPost() => Read(PostJson.Parse);

    private delegate T Parser<T>(long line, ref Utf8JsonReader json, long latestUnixMs);

    private T? Read<T>(Parser<T> parse) where T : class
    {
        while (_lines.TryRead(out var line, out var tooLong))
        {
            if (tooLong)
            {
                bad.Add(Line, Columns.TooLong);
                continue;
            }
            if (line.Trim(" \t"u8).IsEmpty)
                continue;
            try
            {
                var json = new Utf8JsonReader(line);
                var read = parse(Line, ref json, latestUnixMs);
                JsonFields.End(ref json);
                return read;
            }
            catch (BadFieldException e)
            {
                bad.Add(Line, e.Message);
            }
            catch (JsonException e)
            {
                bad.Add(Line, $"it is not JSON at byte {e.BytePositionInLine}");
            }
        }
        return null;
    }
}
