using Tidings.Client.Wire;
using Tidings.Graph;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;

namespace Tidings.Server.Graph;

/// <summary>The lists of people that a person has, page by page, rising by id.</summary>
internal sealed class PeopleLists(SeePeople see, PersonViews views)
{
    public async Task<IResult> AnswerAsync(
        HttpContext http, UserId viewer, UserId owner, TieList list, PageQuery page, CancellationToken ct)
    {
        var seen = await see.ListAsync(viewer, owner, list, new UserId(page.After), page.Limit, ct);
        if (!seen.IsOk)
            return Problems.Answer(seen.Rejection);
        var (people, next) = seen.Value;
        return page.Answer(http, await views.ListedAsync(viewer, people, ct), next.Value, WireJson.Wire.PagePersonSummary);
    }
}
