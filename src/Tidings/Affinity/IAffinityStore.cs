using Tidings.People;

namespace Tidings.Affinity;

/// <summary>A meeting of two people that leaves nothing behind but affinity. The numbers are part of the stored format.</summary>
public enum Encounter : byte { ProfileView = 1, Message = 2 }

/// <param name="Score">Above 0, at most 100.</param>
public readonly record struct AffinityScore(UserId Person, double Score);

/// <summary>How much each reader cares for each author. Likes, shares and comments are counted by the record together with the mark itself.</summary>
public interface IAffinityStore
{
    /// <summary>The people that one reader's affinity is kept for; past that the weakest is forgotten.</summary>
    const int PeopleMax = 1_000;

    /// <summary>Scores at <paramref name="nowUnixMs"/>, 0 to 100, in the order of the authors.</summary>
    ValueTask ScoresAsync(UserId reader, ReadOnlyMemory<UserId> authors, long nowUnixMs, Memory<float> into, CancellationToken ct);

    /// <summary>Those whom a reader cares for, most first.</summary>
    /// <returns>How many were written.</returns>
    ValueTask<int> TopAsync(UserId reader, long nowUnixMs, Memory<AffinityScore> into, CancellationToken ct);

    /// <summary>Counts an encounter, with its event, unless one of the kind with this person was counted less than
    /// <see cref="Encounters.GapMinutes"/> ago. Unknown people are <c>person_not_found</c>.</summary>
    /// <returns>Whether it was counted.</returns>
    ValueTask<Result<bool>> MeetAsync(UserId actor, UserId other, Encounter encounter, CancellationToken ct);
}
