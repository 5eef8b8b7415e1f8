using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;

namespace Tidings.Server.Admin;

/// <summary>The operator finds somebody: by id, or by the handle that somebody complains with.</summary>
internal static class PeopleLookups
{
    public static void MapPeopleLookups(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/people/{id}", ByIdAsync).WithName("person_for_admin").WithSummary("A person, as they are")
            .Says<PersonView>(200, 401, 403, 404);
        admin.MapGet("/people/by-handle/{handle}", ByHandleAsync).WithName("find_person_for_admin").WithSummary("The person with this handle")
            .Says<PersonView>(200, 401, 403, 404);
    }

    private static Task<IResult> ByIdAsync(string id, PersonViews views, CancellationToken ct) => AnswerAsync(Ids.Person(id), views, ct);

    private static async Task<IResult> ByHandleAsync(string handle, IPeopleStore people, PersonViews views, CancellationToken ct)
    {
        var found = handle.Length <= PersonRules.HandleCharsMax ? await people.FindAsync(handle, ct) : null;
        return found is { } id ? await AnswerAsync(id, views, ct) : Problems.Answer(Rejection.NotFound("person"));
    }

    /// <summary>As they see themselves: nothing is between them and the one who asks.</summary>
    private static async Task<IResult> AnswerAsync(UserId person, PersonViews views, CancellationToken ct) =>
        (await views.OneAsync(person, person, ct)).To(view => Answers.Json(view, WireJson.Wire.PersonView));
}
