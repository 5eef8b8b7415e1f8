using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.People;

/// <summary>Profiles: one's own, and those of others.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.MapSessions();
        routes.MapGet("/me", MeAsync).WithName("read_me").WithSummary("One's own profile").Says<PersonView>(200, 401, 403);
        routes.MapPatch("/me", EditMeAsync).WithName("edit_me").WithSummary("Changes one's name or bio")
            .Says<PersonView>(200, 400, 401, 403, 413, 503, 507);
        routes.MapPersonalData();
        routes.MapGet("/people/{id}", PersonAsync).WithName("read_person").WithSummary("A person, and what is between the two of you")
            .Says<PersonView>(200, 401, 403, 404);
        routes.MapGet("/people/by-handle/{handle}", ByHandleAsync).WithName("find_person").WithSummary("The person with this handle")
            .Says<PersonView>(200, 401, 403, 404);
    }

    private static async Task<IResult> MeAsync(Caller caller, PersonViews views, CancellationToken ct) =>
        (await views.OneAsync(caller.Person, caller.Person, ct)).To(me => Answers.Json(me, WireJson.Wire.PersonView));

    private static async Task<IResult> EditMeAsync(
        Caller caller, Body<EditProfileRequest> body, IPeopleStore people, PersonViews views, PostFragments fragments, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { caller.Person }, found, ct);
        var before = found[0]!;
        var name = body.Value.Name ?? before.Name;
        var bio = body.Value.Bio ?? before.Bio;
        if (PersonRules.CheckProfile(name, bio) is { } wrong)
            return Problems.Answer(wrong);

        var updated = await people.UpdateAsync(caller.Person, name, bio, ct);
        if (!updated.IsOk)
            return Problems.Answer(updated.Rejection);
        if (name != before.Name)
            fragments.Forget(caller.Person);
        return await MeAsync(caller, views, ct);
    }

    private static async Task<IResult> PersonAsync(Caller caller, string id, PersonViews views, CancellationToken ct) =>
        (await views.OneAsync(caller.Person, Ids.Person(id), ct)).To(person => Answers.Json(person, WireJson.Wire.PersonView));

    private static async Task<IResult> ByHandleAsync(
        Caller caller, string handle, IPeopleStore people, PersonViews views, CancellationToken ct)
    {
        var found = handle.Length <= PersonRules.HandleCharsMax ? await people.FindAsync(handle, ct) : null;
        return found is { } id
            ? (await views.OneAsync(caller.Person, id, ct)).To(person => Answers.Json(person, WireJson.Wire.PersonView))
            : Problems.Answer(Rejection.NotFound("person"));
    }
}
