using Tidings.Client.Wire;
using Tidings.Graph;
using Tidings.People;
using Tidings.Server.Graph;

namespace Tidings.Server.People;

/// <summary>People as others see them.</summary>
internal sealed class PersonViews(IPeopleStore people, IGraphStore graph)
{
    /// <returns><c>person_not_found</c> for nobody, and for one who blocks the viewer: the two are told apart nowhere.</returns>
    public async ValueTask<Result<PersonView>> OneAsync(UserId viewer, UserId id, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { id }, found, ct);
        if (found[0] is not { } person)
            return Rejection.NotFound("person");

        TieView? view = null;
        if (id != viewer)
        {
            var tie = await graph.TieAsync(viewer, id, ct);
            if ((tie & Tie.BlockedBy) != 0)
                return Rejection.NotFound("person");
            view = Ties.View(tie);
        }
        var counts = await graph.CountsAsync(id, ct);
        return new PersonView(
            id.ToString(), person.Handle, person.Name, person.Bio, DateTimeOffset.FromUnixTimeMilliseconds(person.CreatedUnixMs),
            new GraphCountsView(counts.Following, counts.Followers, counts.Friends), view);
    }

    /// <summary>In the order of the ids. Somebody who was erased a moment ago has no handle and no name any more.</summary>
    public async ValueTask<PersonSummary[]> SummariesAsync(IReadOnlyList<UserId> ids, CancellationToken ct)
    {
        var found = new Person?[ids.Count];
        await people.GetAsync(ids.ToArray(), found, ct);
        return [.. found.Select((p, i) => p is null ? new PersonSummary(ids[i].ToString(), "", "") : new PersonSummary(p.Id.ToString(), p.Handle, p.Name))];
    }

    /// <summary>For lists of people: with what is between the viewer and each, so that nobody has to ask for one after the other.</summary>
    public async ValueTask<PersonSummary[]> ListedAsync(UserId viewer, IReadOnlyList<UserId> ids, CancellationToken ct)
    {
        var listed = await SummariesAsync(ids, ct);
        for (var i = 0; i < listed.Length; i++)
        {
            if (ids[i] != viewer)
                listed[i] = listed[i] with { Tie = Ties.View(await graph.TieAsync(viewer, ids[i], ct)) };
        }
        return listed;
    }
}
