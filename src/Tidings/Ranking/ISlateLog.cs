namespace Tidings.Ranking;

/// <summary>
/// The pages that were logged, in the order in which they were stored: the feature store. It goes back as far as the event log, whose events say
/// what came of them.
/// </summary>
public interface ISlateLog
{
    /// <summary>Stores slates; they may be filled anew once this has ended.</summary>
    ValueTask AppendAsync(IReadOnlyList<Slate> slates, CancellationToken ct);

    /// <summary>The next slates after a place, 0 for the oldest.</summary>
    /// <param name="max">At most so many; fewer come back only at the end.</param>
    ValueTask<IReadOnlyList<LoggedSlate>> ReadAsync(long after, int max, CancellationToken ct);
}

/// <param name="Place">Rises from slate to slate.</param>
public sealed record LoggedSlate(long Place, Slate Slate);
