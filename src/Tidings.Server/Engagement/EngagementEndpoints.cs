using Tidings.Client.Wire;
using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.People;
using Tidings.Server.Security;

namespace Tidings.Server.Engagement;

/// <summary>Likes, shares, hides: marks that are there or not, so <c>PUT</c> and <c>DELETE</c>, repeated at will.</summary>
internal static class EngagementEndpoints
{
    public static void MapEngagement(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/posts/{id}/like", LikeAsync).WithName("like_post").WithSummary("Likes a post")
            .Says<EngagementView>(200, 401, 403, 404, 503, 507);
        routes.MapDelete("/posts/{id}/like", UnlikeAsync).WithName("unlike_post").WithSummary("Takes a like back")
            .Says<EngagementView>(200, 401, 403, 404, 503, 507);
        routes.MapPut("/posts/{id}/share", ShareAsync).WithName("share_post").WithSummary("Shares a post")
            .Says<EngagementView>(200, 401, 403, 404, 503, 507);
        routes.MapDelete("/posts/{id}/share", UnshareAsync).WithName("unshare_post").WithSummary("Takes a share back")
            .Says<EngagementView>(200, 401, 403, 404, 503, 507);
        routes.MapPut("/posts/{id}/hide", HideAsync).WithName("hide_post").WithSummary("Keeps a post out of one's feed")
            .SaysNothing(401, 403, 404, 503, 507);
        routes.MapDelete("/posts/{id}/hide", UnhideAsync).WithName("unhide_post").WithSummary("Lets it in again")
            .SaysNothing(401, 403, 404, 503, 507);
        routes.MapGet("/posts/{id}/likes", LikersAsync).WithName("likers_of_post").WithSummary("Who likes a post")
            .Says<Page<PersonSummary>>(200, 400, 401, 403, 404);
        routes.MapComments();
    }

    private static Task<IResult> LikeAsync(Caller caller, string id, PostMarks marks, CancellationToken ct) =>
        marks.AnswerAsync(caller.Person, Ids.Post(id), Mark.Like, true, ct);

    private static Task<IResult> UnlikeAsync(Caller caller, string id, PostMarks marks, CancellationToken ct) =>
        marks.AnswerAsync(caller.Person, Ids.Post(id), Mark.Like, false, ct);

    private static Task<IResult> ShareAsync(Caller caller, string id, PostMarks marks, CancellationToken ct) =>
        marks.AnswerAsync(caller.Person, Ids.Post(id), Mark.Share, true, ct);

    private static Task<IResult> UnshareAsync(Caller caller, string id, PostMarks marks, CancellationToken ct) =>
        marks.AnswerAsync(caller.Person, Ids.Post(id), Mark.Share, false, ct);

    private static async Task<IResult> HideAsync(Caller caller, string id, MarkPost mark, CancellationToken ct) =>
        (await mark.ExecuteAsync(caller.Person, Ids.Post(id), Mark.Hide, true, ct)).To(_ => TypedResults.NoContent());

    private static async Task<IResult> UnhideAsync(Caller caller, string id, MarkPost mark, CancellationToken ct) =>
        (await mark.ExecuteAsync(caller.Person, Ids.Post(id), Mark.Hide, false, ct)).To(_ => TypedResults.NoContent());

    private static async Task<IResult> LikersAsync(
        HttpContext http, Caller caller, string id, [AsParameters] PageQuery page, ReadEngagement read, PersonViews people, CancellationToken ct)
    {
        var likers = await read.MarkersAsync(caller.Person, Ids.Post(id), Mark.Like, new UserId(page.After), page.Limit, ct);
        return likers.IsOk
            ? page.Answer(
                http, await people.ListedAsync(caller.Person, likers.Value.People, ct), likers.Value.Next.Value, WireJson.Wire.PagePersonSummary)
            : Problems.Answer(likers.Rejection);
    }
}
