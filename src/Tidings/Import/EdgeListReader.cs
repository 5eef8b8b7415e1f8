namespace Tidings.Import;

/// <summary>One line of an edge list, with the ids of the source.</summary>
public readonly record struct EdgeLine(long Line, ulong Follower, ulong Followee);

/// <summary>
/// SNAP edge lists: <c>follower followee</c> on each line, between blanks or tabs; <c>#</c> begins a comment line. Ids are any non-negative
/// integers up to 2⁶⁴ − 1. Allocates nothing for a line.
/// </summary>
public sealed class EdgeListReader(Stream source, BadLines bad)
{
    private readonly LineReader _lines = new(source);

    /// <summary>The number of the line that was read last, good or bad, from 1.</summary>
    public long Line => _lines.Line;

    /// <returns>How many edges were written; fewer than the room given means that the source ended.</returns>
    /// <exception cref="TooManyBadLinesException"/>
    /// <exception cref="ImportSourceException"/>
    public int Read(Span<EdgeLine> into)
    {
        var count = 0;
        while (count < into.Length && _lines.TryRead(out var line, out var tooLong))
        {
            if (tooLong)
                bad.Add(Line, Columns.TooLong);
            else if (!Columns.SaysNothing(line) && Parse(line, ref into[count]))
                count++;
        }
        return count;
    }

    private bool Parse(ReadOnlySpan<byte> line, ref EdgeLine edge)
    {
        var columns = new Columns(line);
        ulong followee = 0;
        var wrong = columns.NextId(out var follower) ?? columns.NextId(out followee) ?? (columns.AtEnd ? null : Columns.TooMany);
        if (wrong is not null)
        {
            bad.Add(Line, wrong);
            return false;
        }
        edge = new EdgeLine(Line, follower, followee);
        return true;
    }
}
