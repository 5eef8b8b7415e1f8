using Tidings.Graph;
using Tidings.People;

namespace Tidings.Affinity;

/// <summary>What an encounter is worth, and how often it counts: whoever sends the same thing over and over gains nothing.</summary>
public static class Encounters
{
    public static double WeightOf(Encounter encounter) =>
        encounter == Encounter.Message ? InteractionWeights.Message : InteractionWeights.ProfileView;

    /// <summary>Minutes from one that counts to the next between the same two people: an hour for a view, ten minutes for a message.</summary>
    public static uint GapMinutes(Encounter encounter) => encounter == Encounter.Message ? 10u : 60u;
}

/// <summary>A person looked at another's profile, or wrote them a message elsewhere in the product.</summary>
public sealed class MeetPerson(IGraphStore graph, IAffinityStore affinity)
{
    /// <returns>Whether it was counted; <c>person_not_found</c> where the other blocks the actor, <c>blocked</c> for a message to someone whom
    /// the actor blocks.</returns>
    public async ValueTask<Result<bool>> ExecuteAsync(UserId actor, UserId other, Encounter encounter, CancellationToken ct)
    {
        if (actor == other)
            return Rejection.Invalid("person", "Nobody can do this to themselves.");
        var tie = await graph.TieAsync(actor, other, ct);
        if ((tie & Tie.BlockedBy) != 0)
            return Rejection.NotFound("person");
        if ((tie & Tie.Blocks) == 0)
            return await affinity.MeetAsync(actor, other, encounter, ct);
        return encounter == Encounter.Message
            ? new Rejection(RejectionKind.Conflict, "blocked", "You block this person: unblock first.")
            : false;
    }
}

/// <summary>Whom a person cares for most, without those between whom and the person a block stands.</summary>
public sealed class ReadAffinity(IGraphStore graph, IAffinityStore affinity, TimeProvider clock)
{
    /// <param name="max">1 to 100.</param>
    public async ValueTask<IReadOnlyList<AffinityScore>> TopAsync(UserId reader, int max, CancellationToken ct)
    {
        var all = new AffinityScore[IAffinityStore.PeopleMax];
        var count = await affinity.TopAsync(reader, clock.GetUtcNow().ToUnixTimeMilliseconds(), all, ct);
        var people = Array.ConvertAll(all[..count], one => one.Person);
        var ties = new Tie[count];
        await graph.TiesAsync(reader, people, ties, ct);
        return [.. all.Take(count).Where((_, i) => (ties[i] & (Tie.Blocks | Tie.BlockedBy)) == 0).Take(max)];
    }
}
