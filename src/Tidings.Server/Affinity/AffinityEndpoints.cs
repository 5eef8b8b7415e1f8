using Microsoft.AspNetCore.Mvc;
using Tidings.Affinity;
using Tidings.Client.Wire;
using Tidings.Server.Http;
using Tidings.Server.People;
using Tidings.Server.Security;

namespace Tidings.Server.Affinity;

/// <summary>What happens between two people outside of posts, as the product tells it; and whom one cares for most.</summary>
internal static class AffinityEndpoints
{
    public static void MapAffinity(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/people/{id}/views", ViewAsync).WithName("view_person").WithSummary("One looked at a person's profile")
            .SaysNothing(400, 401, 403, 404, 503, 507);
        routes.MapPost("/people/{id}/messages", MessageAsync).WithName("message_person").WithSummary("One wrote a person a message, elsewhere")
            .SaysNothing(400, 401, 403, 404, 409, 503, 507);
        routes.MapGet("/affinity", TopAsync).WithName("affinity").WithSummary("Whom one cares for, most first")
            .Says<Page<AffinityView>>(200, 400, 401, 403);
    }

    private static Task<IResult> ViewAsync(Caller caller, string id, MeetPerson meet, CancellationToken ct) =>
        MeetAsync(caller, id, Encounter.ProfileView, meet, ct);

    private static Task<IResult> MessageAsync(Caller caller, string id, MeetPerson meet, CancellationToken ct) =>
        MeetAsync(caller, id, Encounter.Message, meet, ct);

    private static async Task<IResult> MeetAsync(Caller caller, string id, Encounter encounter, MeetPerson meet, CancellationToken ct) =>
        (await meet.ExecuteAsync(caller.Person, Ids.Person(id), encounter, ct)).To(_ => TypedResults.NoContent());

    private static async Task<IResult> TopAsync(
        Caller caller, [FromQuery(Name = PageQuery.LimitName)] string? limit, ReadAffinity affinity, PersonViews people, CancellationToken ct)
    {
        var top = await affinity.TopAsync(caller.Person, new PageQuery(limit, null).Limit, ct);
        var summaries = await people.SummariesAsync(top.Select(one => one.Person).ToArray(), ct);
        var views = summaries.Select((person, i) => new AffinityView(person, Math.Round(top[i].Score, 2)))
            .Where(view => view.Person.Handle.Length > 0).ToArray();
        return Answers.Json(new Page<AffinityView>(views, null), WireJson.Wire.PageAffinityView);
    }
}
