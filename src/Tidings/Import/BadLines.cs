namespace Tidings.Import;

public readonly record struct BadLine(long Line, string Reason);

/// <summary>
/// The lines of a source that could not be used: all counted, the first few kept by number and reason. A file with too many of them is
/// probably not what it was taken for, so the import stops.
/// </summary>
/// <param name="max">How many are put up with.</param>
public sealed class BadLines(long max = BadLines.MaxDefault)
{
    public const long MaxDefault = 1_000;
    public const int KeptMax = 20;

    private readonly List<BadLine> _first = [];

    public long Count { get; private set; }

    public IReadOnlyList<BadLine> First => _first;

    /// <exception cref="TooManyBadLinesException">This one is over the limit.</exception>
    public void Add(long line, string reason)
    {
        Count++;
        if (_first.Count < KeptMax)
            _first.Add(new BadLine(line, reason));
        if (Count > max)
            throw new TooManyBadLinesException(_first, Count, max, line, reason);
    }
}

/// <summary>What was stored before stays; the same import with a higher limit goes on from there.</summary>
public sealed class TooManyBadLinesException(IReadOnlyList<BadLine> first, long count, long max, long line, string reason)
    : Exception($"Stopped at bad line {count:N0}, more than the {max:N0} allowed. Line {line:N0}: {reason}")
{
    public IReadOnlyList<BadLine> First => first;
}
