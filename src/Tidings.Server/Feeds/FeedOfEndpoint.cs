using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Posts;

namespace Tidings.Server.Feeds;

/// <summary>Anybody's first page, for the operator.</summary>
internal static class FeedOfEndpoint
{
    public static void MapFeedOf(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/people/{id}/feed", ReadAsync).WithName("feed_of").WithSummary("What a reader would see just now; nobody notices that it was looked at")
            .Says<FeedView>(200, 400, 401, 403, 404);

    private static async Task ReadAsync(
        HttpContext http, string id, [FromQuery(Name = PageQuery.LimitName)] string? limit, ReadFeed feed, IPeopleStore people, PostAnswers answers,
        CancellationToken ct)
    {
        var reader = Ids.Person(id);
        var posts = new PageQuery(limit, null).Limit;
        var found = new Person?[1];
        await people.GetAsync(new[] { reader }, found, ct);
        if (found[0] is null)
        {
            await Problems.WriteAsync(http, Rejection.NotFound("person"));
            return;
        }
        using var page = await feed.PeekAsync(reader, posts, ct);
        await answers.FeedAsync(http, reader, page, ranked: true, ct);
    }
}
