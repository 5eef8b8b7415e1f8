namespace Tidings.Import;

/// <summary>What an actor did, in the words of the Higgs activity log.</summary>
public enum ActivityKind : byte
{
    /// <summary>RT: passed on a post of the target.</summary>
    Retweet = 1,
    /// <summary>MT: posted something that names the target.</summary>
    Mention = 2,
    /// <summary>RE: answered a post of the target.</summary>
    Reply = 3,
}

public readonly record struct ActivityLine(long Line, ulong Actor, ulong Target, long UnixSeconds, ActivityKind Kind)
{
    public long UnixMs => UnixSeconds * 1_000;
}

/// <summary>
/// Activity logs as SNAP publishes the Higgs data set: <c>actor target unix_time RT|MT|RE</c> on each line, in order of time, which is in
/// seconds. A line before its predecessor's time is a bad one: what is made of the log depends on the order. Allocates nothing for a line.
/// </summary>
/// <param name="latestUnixMs">Nothing happened after this: the clock of the reader.</param>
public sealed class ActivityReader(Stream source, BadLines bad, long latestUnixMs)
{
    private readonly LineReader _lines = new(source);
    private long _lastUnixSeconds = TimeOrderedId.EpochUnixMs / 1_000;

    /// <inheritdoc cref="EdgeListReader.Line"/>
    public long Line => _lines.Line;

    /// <inheritdoc cref="EdgeListReader.Read"/>
    public int Read(Span<ActivityLine> into)
    {
        var count = 0;
        while (count < into.Length && _lines.TryRead(out var line, out var tooLong))
        {
            if (!tooLong && Columns.SaysNothing(line))
                continue;
            var wrong = tooLong ? Columns.TooLong : Parse(line, ref into[count]);
            if (wrong is null)
                count++;
            else
                bad.Add(Line, wrong);
        }
        return count;
    }

    private string? Parse(ReadOnlySpan<byte> line, ref ActivityLine activity)
    {
        var columns = new Columns(line);
        ulong target = 0;
        if ((columns.NextId(out var actor) ?? columns.NextId(out target)) is { } wrongId)
            return wrongId;
        if (columns.NextId(out var seconds) is { } wrongTime)
            return wrongTime == Columns.TooFew ? wrongTime : "its time is not in Unix seconds";
        if (Kind(columns.Next()) is not { } kind)
            return "its kind is none of RT, MT and RE";
        if (!columns.AtEnd)
            return Columns.TooMany;
        if (seconds > (ulong)latestUnixMs / 1_000)
            return "its time is in the future";
        if ((long)seconds < _lastUnixSeconds)
            return "its time is before 2006 or before the line above";

        _lastUnixSeconds = (long)seconds;
        activity = new ActivityLine(Line, actor, target, _lastUnixSeconds, kind);
        return null;
    }

    private static ActivityKind? Kind(ReadOnlySpan<byte> word) => word switch
    {
        [(byte)'R', (byte)'T'] => ActivityKind.Retweet,
        [(byte)'M', (byte)'T'] => ActivityKind.Mention,
        [(byte)'R', (byte)'E'] => ActivityKind.Reply,
        _ => null,
    };
}
