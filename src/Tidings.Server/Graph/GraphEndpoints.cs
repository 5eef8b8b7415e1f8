using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.Graph;

/// <summary>What people are to each other: <c>PUT</c> makes it so, <c>DELETE</c> ends it, both may be repeated; and the lists.</summary>
internal static class GraphEndpoints
{
    public static void MapGraph(this IEndpointRouteBuilder routes)
    {
        Pair(routes, "following", "follow", "Follows a person", TieAction.Follow, TieAction.Unfollow);
        Pair(routes, "blocks", "block", "Blocks a person: ends all between the two of you", TieAction.Block, TieAction.Unblock);
        Pair(routes, "mutes", "mute", "Keeps a person's posts out of one's feed", TieAction.Mute, TieAction.Unmute);
        Pair(routes, "close-friends", "add_close_friend", "Makes a friend a close friend", TieAction.AddCloseFriend, TieAction.RemoveCloseFriend);
        Change(routes.MapPut("/me/friends/{id}", BefriendAsync), "befriend", "Asks to be friends; where the other asked before, accepts");
        Change(routes.MapDelete("/me/friends/{id}", UnfriendAsync), "unfriend", "Ends a friendship, declines a request or takes one back");

        List(routes, "/people/{id}/following", "following_of_person", "Whom a person follows", OfPerson(TieList.Following));
        List(routes, "/people/{id}/followers", "followers_of_person", "Who follows a person", OfPerson(TieList.Followers));
        List(routes, "/people/{id}/friends", "friends_of_person", "A person's friends", OfPerson(TieList.Friends));
        List(routes, "/me/requests/sent", "requests_sent", "Whom one asked to be friends", OfMe(TieList.RequestsSent));
        List(routes, "/me/requests/received", "requests_received", "Who asked to be friends", OfMe(TieList.RequestsReceived));
        List(routes, "/me/blocks", "blocks", "Whom one blocks", OfMe(TieList.Blocked));
        List(routes, "/me/mutes", "mutes", "Whom one mutes", OfMe(TieList.Muted));
        List(routes, "/me/close-friends", "close_friends", "One's close friends", OfMe(TieList.CloseFriends));
    }

    private static void Pair(IEndpointRouteBuilder routes, string path, string name, string summary, TieAction on, TieAction off)
    {
        Change(routes.MapPut($"/me/{path}/{{id}}", Doing(on)), name, summary);
        Change(routes.MapDelete($"/me/{path}/{{id}}", Doing(off)), $"undo_{name}", $"{summary}: no longer");
    }

    private static void Change(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).Says<TieView>(200, 400, 401, 403, 404, 409, 503, 507);

    private static void List(IEndpointRouteBuilder routes, string path, string name, string summary, Delegate read) =>
        routes.MapGet(path, read).WithName(name).WithSummary(summary).Says<Page<PersonSummary>>(200, 400, 401, 403, 404);

    private static Delegate Doing(TieAction action) =>
        async (Caller caller, string id, ChangeTie change, CancellationToken ct) =>
            Answer(await change.ExecuteAsync(caller.Person, action, Ids.Person(id), ct));

    private static async Task<IResult> BefriendAsync(Caller caller, string id, ChangeTie change, CancellationToken ct) =>
        Answer(await change.ExecuteAsync(caller.Person, TieAction.RequestFriend, Ids.Person(id), ct));

    /// <summary>The request first: once it is gone nobody can accept it, so nothing comes between the two steps.</summary>
    private static async Task<IResult> UnfriendAsync(Caller caller, string id, ChangeTie change, CancellationToken ct)
    {
        var other = Ids.Person(id);
        var dropped = await change.ExecuteAsync(caller.Person, TieAction.DropRequest, other, ct);
        return dropped.IsOk ? Answer(await change.ExecuteAsync(caller.Person, TieAction.Unfriend, other, ct)) : Problems.Answer(dropped.Rejection);
    }

    private static Delegate OfMe(TieList list) =>
        (HttpContext http, Caller caller, [AsParameters] PageQuery page, PeopleLists lists, CancellationToken ct) =>
            lists.AnswerAsync(http, caller.Person, caller.Person, list, page, ct);

    private static Delegate OfPerson(TieList list) =>
        (HttpContext http, Caller caller, string id, [AsParameters] PageQuery page, PeopleLists lists, CancellationToken ct) =>
            lists.AnswerAsync(http, caller.Person, Ids.Person(id), list, page, ct);

    private static IResult Answer(Result<Tie> changed) => changed.To(tie => Answers.Json(Ties.View(tie), WireJson.Wire.TieView));
}
