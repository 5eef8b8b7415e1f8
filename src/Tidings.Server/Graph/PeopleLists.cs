using Tidings.Client.Wire;
using Tidings.Graph;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;

namespace Tidings.Server.Graph;

/// <summary>The lists of people that a person has, page by page, rising by id. In the lists of others, those are left out between whom and the
/// viewer a block stands, so a page may be short while there is a next one.</summary>
internal sealed class PeopleLists(IPeopleStore people, IGraphStore graph, PersonViews views)
{
    public async Task<IResult> AnswerAsync(
        HttpContext http, UserId viewer, UserId owner, TieList list, PageQuery page, CancellationToken ct)
    {
        if (owner != viewer && !await IsThereAsync(viewer, owner, ct))
            return Problems.Answer(Rejection.NotFound("person"));

        // One more than asked for tells whether there is a next page.
        var ids = new UserId[page.Limit + 1];
        var count = await graph.ListAsync(owner, list, new UserId(page.After), ids, ct);
        var next = count > page.Limit ? ids[page.Limit - 1] : default;
        var shown = ids.AsMemory(0, Math.Min(count, page.Limit));
        var visible = owner == viewer ? shown.ToArray() : await UnblockedAsync(viewer, shown, ct);
        return page.Answer(http, await views.SummariesAsync(visible, ct), next.Value, WireJson.Wire.PagePersonSummary);
    }

    private async ValueTask<bool> IsThereAsync(UserId viewer, UserId owner, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { owner }, found, ct);
        return found[0] is not null && (await graph.TieAsync(viewer, owner, ct) & Tie.BlockedBy) == 0;
    }

    private async ValueTask<UserId[]> UnblockedAsync(UserId viewer, ReadOnlyMemory<UserId> ids, CancellationToken ct)
    {
        var ties = new Tie[ids.Length];
        await graph.TiesAsync(viewer, ids, ties, ct);
        return ids.ToArray().Where((_, i) => (ties[i] & (Tie.Blocks | Tie.BlockedBy)) == 0).ToArray();
    }
}
