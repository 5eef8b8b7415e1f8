using Tidings.Client.Wire;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;
using Tidings.Server.Security;

namespace Tidings.Server.Graph;

/// <summary>Named lists of people to whom posts can be shown. Only their owner knows of them.</summary>
internal static class AudienceEndpoints
{
    public static void MapAudiences(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/me/audiences", AddAsync).WithName("add_audience").WithSummary("Makes an audience list")
            .Says<AudienceView>(201, 400, 401, 403, 409, 413, 503, 507);
        routes.MapGet("/me/audiences", AllAsync).WithName("audiences").WithSummary("One's audience lists, all of them")
            .Says<Page<AudienceView>>(200, 401, 403);
        routes.MapDelete("/me/audiences/{id}", RemoveAsync).WithName("remove_audience")
            .WithSummary("Removes a list: posts on it are seen by their author alone").SaysNothing(401, 403, 404, 503, 507);
        routes.MapGet("/me/audiences/{id}/members", MembersAsync).WithName("audience_members").WithSummary("Who is on a list")
            .Says<Page<PersonSummary>>(200, 400, 401, 403, 404);
        routes.MapPut("/me/audiences/{id}/members/{person}", AddMemberAsync).WithName("add_audience_member").WithSummary("Puts a person on a list")
            .Says<AudienceView>(200, 401, 403, 404, 409, 503, 507);
        routes.MapDelete("/me/audiences/{id}/members/{person}", RemoveMemberAsync).WithName("remove_audience_member")
            .WithSummary("Takes a person off a list").Says<AudienceView>(200, 401, 403, 404, 503, 507);
    }

    private static async Task<IResult> AddAsync(
        HttpContext http, Caller caller, Body<NewAudienceRequest> body, IAudienceStore audiences, CancellationToken ct)
    {
        var name = body.Value.Name;
        if (string.IsNullOrWhiteSpace(name) || name.Length > AudienceList.NameCharsMax)
            return Problems.Answer(Rejection.Invalid("name", $"A name has 1 to {AudienceList.NameCharsMax} characters and is not blank."));
        var added = await audiences.AddAsync(caller.Person, name, ct);
        return added.To(id => Answers.Created(
            http, $"/v1/me/audiences/{id}", new AudienceView(id.ToString(), name, 0), WireJson.Wire.AudienceView));
    }

    private static async Task<IResult> AllAsync(Caller caller, IAudienceStore audiences, CancellationToken ct)
    {
        var lists = await audiences.OfAsync(caller.Person, ct);
        return Answers.Json(new Page<AudienceView>(lists.Select(View).ToArray(), null), WireJson.Wire.PageAudienceView);
    }

    private static async Task<IResult> RemoveAsync(
        Caller caller, string id, IAudienceStore audiences, LiveReaders live, CancellationToken ct)
    {
        var list = Ids.List(id);
        var members = await AllMembersAsync(audiences, list, ct);
        var removed = await audiences.RemoveAsync(caller.Person, list, ct);
        if (removed.IsOk)
            members.ForEach(live.Recheck);
        return removed.To(_ => TypedResults.NoContent());
    }

    /// <summary>As many as a list may have: some thousands.</summary>
    private static async Task<List<UserId>> AllMembersAsync(IAudienceStore audiences, AudienceListId list, CancellationToken ct)
    {
        var (all, some) = (new List<UserId>(), new UserId[1_000]);
        int count;
        do
        {
            count = await audiences.MembersAsync(list, all.Count == 0 ? default : all[^1], some, ct);
            all.AddRange(some.AsSpan(0, count));
        }
        while (count == some.Length);
        return all;
    }

    private static async Task<IResult> MembersAsync(
        HttpContext http, Caller caller, string id, [AsParameters] PageQuery page, IAudienceStore audiences, PersonViews people, CancellationToken ct)
    {
        var list = Ids.List(id);
        var mine = await audiences.OfAsync(caller.Person, ct);
        if (mine.All(l => l.Id != list))
            return Problems.Answer(Rejection.NotFound("list"));

        var ids = new UserId[page.Limit + 1];
        var count = await audiences.MembersAsync(list, new UserId(page.After), ids, ct);
        var next = count > page.Limit ? ids[page.Limit - 1].Value : 0;
        var members = await people.ListedAsync(caller.Person, ids.AsSpan(0, Math.Min(count, page.Limit)).ToArray(), ct);
        return page.Answer(http, members, next, WireJson.Wire.PagePersonSummary);
    }

    private static async Task<IResult> AddMemberAsync(
        Caller caller, string id, string person, IAudienceStore audiences, IPeopleStore people, CancellationToken ct)
    {
        var member = Ids.Person(person);
        var found = new Person?[1];
        await people.GetAsync(new[] { member }, found, ct);
        return found[0] is null
            ? Problems.Answer(Rejection.NotFound("person"))
            : Answer(await audiences.ChangeMembersAsync(caller.Person, Ids.List(id), new[] { member }, default, ct));
    }

    private static async Task<IResult> RemoveMemberAsync(
        Caller caller, string id, string person, IAudienceStore audiences, LiveReaders live, CancellationToken ct)
    {
        var member = Ids.Person(person);
        var changed = await audiences.ChangeMembersAsync(caller.Person, Ids.List(id), default, new[] { member }, ct);
        live.Recheck(member);
        return Answer(changed);
    }

    private static IResult Answer(Result<AudienceList> changed) =>
        changed.To(list => Answers.Json(View(list), WireJson.Wire.AudienceView));

    private static AudienceView View(AudienceList list) => new(list.Id.ToString(), list.Name, list.Members);
}
