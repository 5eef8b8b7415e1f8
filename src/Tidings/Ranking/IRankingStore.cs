namespace Tidings.Ranking;

/// <param name="Position">The last event that is in the tallies.</param>
public sealed record ExperimentTallies(long Position, IReadOnlyList<Tally> Tallies);

/// <summary>How ranking is set, and what experiments have counted.</summary>
public interface IRankingStore
{
    /// <returns>Null where none was ever set.</returns>
    ValueTask<RankingProfile?> ProfileAsync(CancellationToken ct);

    ValueTask SetProfileAsync(RankingProfile profile, CancellationToken ct);

    /// <summary>All that there ever were, the oldest first.</summary>
    ValueTask<IReadOnlyList<Experiment>> ExperimentsAsync(CancellationToken ct);

    /// <summary>Stores an experiment in the place of the one with its id.</summary>
    /// <param name="position">Where a new one begins to read the events; null leaves its tallies as they are.</param>
    ValueTask SetExperimentAsync(Experiment experiment, long? position, CancellationToken ct);

    ValueTask<ExperimentTallies> TalliesAsync(uint experiment, CancellationToken ct);

    /// <summary>Stores tallies in the place of those of the same readers, together with the position that they have come to.</summary>
    ValueTask NoteAsync(uint experiment, ExperimentTallies changed, CancellationToken ct);
}
