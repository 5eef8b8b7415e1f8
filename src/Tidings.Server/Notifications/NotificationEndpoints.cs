using Tidings.Client.Wire;
using Tidings.Notifications;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.People;
using Tidings.Server.Security;

namespace Tidings.Server.Notifications;

/// <summary>What others did that concerns the person who asks.</summary>
internal static class NotificationEndpoints
{
    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/notifications", ListAsync).WithName("notifications").WithSummary("What others did that concerns one, newest first")
            .Says<Page<NotificationView>>(200, 400, 401, 403);
        routes.MapGet("/notifications/unread", UnreadAsync).WithName("unread_notifications").WithSummary("How many one hasn't read")
            .Says<UnreadView>(200, 401, 403);
        routes.MapPut("/notifications/read", ReadAsync).WithName("read_notifications").WithSummary("All up to one of them is read")
            .Says<UnreadView>(200, 400, 401, 403, 413, 503, 507);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Caller caller, [AsParameters] PageQuery query, ReadNotifications read, PersonViews people, CancellationToken ct)
    {
        var (page, next) = await read.PageAsync(caller.Person, query.After, query.Limit, ct);
        var summaries = await people.SummariesAsync(page.SelectMany(one => one.People).ToArray(), ct);
        var views = new List<NotificationView>(page.Count);
        var named = 0;
        foreach (var one in page)
        {
            views.Add(new NotificationView(
                $"{one.Id}", (Client.Wire.NotificationKind)one.Kind, summaries[named..(named + one.People.Count)], one.Others,
                DateTimeOffset.FromUnixTimeMilliseconds(one.UnixMs), one.Unread, one.Post == PostId.None ? null : one.Post.ToString(),
                one.Excerpt.Length == 0 ? null : one.Excerpt));
            named += one.People.Count;
        }
        return query.Answer(http, views, next, WireJson.Wire.PageNotificationView);
    }

    private static async Task<IResult> UnreadAsync(Caller caller, ReadNotifications read, CancellationToken ct) =>
        Answers.Json(new UnreadView(await read.UnreadAsync(caller.Person, ct)), WireJson.Wire.UnreadView);

    private static async Task<IResult> ReadAsync(Caller caller, Body<ReadNotificationsRequest> body, ReadNotifications read, CancellationToken ct)
    {
        // An id of a notification is written like that of a post.
        if (!PostId.TryParse(body.Value.UpTo, out var upTo))
            return Problems.Answer(Rejection.Invalid("up_to", "The id of a notification."));
        return (await read.ReadAsync(caller.Person, upTo.Value, ct)).To(unread => Answers.Json(new UnreadView(unread), WireJson.Wire.UnreadView));
    }
}
