using Tidings.People;

namespace Tidings.Graph;

/// <summary>Lists of people, and of what people made, as a viewer may see them: without those between whom and the viewer a block stands.</summary>
public sealed class SeePeople(IPeopleStore people, IGraphStore graph)
{
    public const int PageMax = 100;

    /// <summary>Stretches of a list that one page looks through at most: everybody in between may be out of sight.</summary>
    private const int StretchesMax = 10;

    /// <summary>One of a person's lists. <c>person_not_found</c> for one who blocks the viewer, as for nobody.</summary>
    /// <returns>The page, and the person after whom the next one begins: 0 at the end.</returns>
    public async ValueTask<Result<(IReadOnlyList<UserId> People, UserId Next)>> ListAsync(
        UserId viewer, UserId owner, TieList list, UserId after, int max, CancellationToken ct)
    {
        if (owner != viewer && !await IsThereAsync(viewer, owner, ct))
            return Rejection.NotFound("person");
        // Whom oneself blocks stands in one's own lists: nothing is hidden from their owner.
        var (page, next) = await PageAsync(
            owner == viewer ? default : viewer, after.Value, max, (from, into) => PeopleAsync(owner, list, new UserId(from), into, ct),
            static person => (person.Value, person), ct);
        return (page, new UserId(next));
    }

    /// <summary>A page of a longer list, filled up where some of it is out of sight: it is short only at the list's end, or where a thousand in a
    /// row are.</summary>
    /// <param name="viewer">The default for someone from whom nothing is hidden.</param>
    /// <param name="read">What comes after an id, at most so many; fewer mean that the list ended.</param>
    /// <param name="of">The id by which the list rises, and the person whom one may be hidden with.</param>
    /// <returns>The page, and the id after which the next one begins: 0 at the end.</returns>
    public async ValueTask<(IReadOnlyList<T> Page, long Next)> PageAsync<T>(
        UserId viewer, long after, int max, Func<long, int, ValueTask<IReadOnlyList<T>>> read, Func<T, (long Id, UserId Person)> of, CancellationToken ct)
    {
        // One more than asked for tells whether there is a next page: who is out of sight must not make it look as if there were.
        var page = new List<T>(max + 1);
        for (var stretch = 0; stretch < StretchesMax; stretch++)
        {
            var room = stretch == 0 ? max + 1 : PageMax + 1;
            var some = await read(after, room);
            var isHidden = await HiddenAsync(viewer, some, of, ct);
            for (var i = 0; i < some.Count && page.Count <= max; i++)
            {
                after = of(some[i]).Id;
                if (!isHidden[i])
                    page.Add(some[i]);
            }
            if (page.Count > max)
            {
                page.RemoveAt(max);
                return (page, of(page[^1]).Id);
            }
            if (some.Count < room)
                return (page, 0);
        }
        return (page, after);
    }

    private async ValueTask<bool[]> HiddenAsync<T>(UserId viewer, IReadOnlyList<T> some, Func<T, (long Id, UserId Person)> of, CancellationToken ct)
    {
        if (viewer == default)
            return new bool[some.Count];
        var ties = new Tie[some.Count];
        await graph.TiesAsync(viewer, some.Select(one => of(one).Person).ToArray(), ties, ct);
        return Array.ConvertAll(ties, tie => (tie & (Tie.Blocks | Tie.BlockedBy)) != 0);
    }

    private async ValueTask<IReadOnlyList<UserId>> PeopleAsync(UserId owner, TieList list, UserId after, int max, CancellationToken ct)
    {
        var into = new UserId[max];
        return into[..await graph.ListAsync(owner, list, after, into, ct)];
    }

    private async ValueTask<bool> IsThereAsync(UserId viewer, UserId owner, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { owner }, found, ct);
        return found[0] is not null && (await graph.TieAsync(viewer, owner, ct) & Tie.BlockedBy) == 0;
    }
}
