using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Server.Http;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.Feeds;

/// <summary>The feed of the person who asks. What it needs is given once: asking for it with each request would cost a scope.</summary>
internal sealed class FeedEndpoints(ReadFeed feed, PostAnswers answers)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feed", ReadAsync).WithName("read_feed").WithSummary("A page of one's feed: ranked, or the latest first")
            .Says<Page<PostView>>(200, 400, 401, 403, 410);
        routes.MapWhy();
    }

    private async Task ReadAsync(
        HttpContext http, Caller caller, [FromQuery] string? order, [AsParameters] PageQuery query, CancellationToken ct)
    {
        var feedOrder = order switch
        {
            null or "ranked" => FeedOrder.Ranked,
            "latest" => FeedOrder.Latest,
            _ => throw new RejectedException(Rejection.Invalid("order", "One of: ranked, latest.")),
        };
        var read = await feed.ExecuteAsync(caller.Person, new FeedQuery(feedOrder, query.Limit, query.Cursor), ct);
        if (!read.IsOk)
        {
            await Problems.WriteAsync(http, read.Rejection);
            return;
        }

        using var page = read.Value;
        query.Link(http, page.NextCursor, feedOrder == FeedOrder.Latest ? "order=latest&" : null);
        await answers.FeedAsync(http, caller.Person, page, feedOrder == FeedOrder.Ranked, ct);
    }
}
