using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.Feeds;

/// <summary>The feed of the person who asks, and what is popular with everybody. What it needs is given once: asking for it with each request would cost a scope.</summary>
internal sealed class FeedEndpoints(ReadFeed feed, PopularPosts popular, ReportImpressions report, PostAnswers answers)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/feed", ReadAsync).WithName("read_feed").WithSummary("A page of one's feed: ranked, or the latest first")
            .Says<FeedView>(200, 400, 401, 403, 410);
        routes.MapPost("/feed/impressions", ReportAsync).WithName("report_impressions").WithSummary("Tells which posts were on the screen")
            .SaysNothing(400, 401, 403, 413, 503, 507);
        routes.MapGet("/popular", PopularAsync).WithName("popular").WithSummary("Public posts that are popular now, the most popular first")
            .Says<Page<PostView>>(200, 400, 401, 403);
        routes.MapWhy();
    }

    private async Task PopularAsync(HttpContext http, Caller caller, [FromQuery(Name = PageQuery.LimitName)] string? limit, CancellationToken ct) =>
        await answers.ListAsync(http, caller.Person, await popular.ReadAsync(caller.Person, new PageQuery(limit, null).Limit, ct), null, ct);

    private async Task<IResult> ReportAsync(Caller caller, Body<ImpressionsRequest> body, CancellationToken ct)
    {
        var items = body.Value.Items;
        var shown = new Impression[items.Count];
        for (var i = 0; i < shown.Length; i++)
        {
            if (items[i] is not { } item || !PostId.TryParse(item.Post, out var post))
                return Problems.Answer(Rejection.Invalid("post", "The id of a post."));
            if (item.DwellMs is < 0)
                return Problems.Answer(Rejection.Invalid("dwell_ms", $"Milliseconds, 0 to {ReportImpressions.DwellMsMax}."));
            shown[i] = new Impression(post, (uint)(item.DwellMs ?? 0));
        }
        return (await report.ExecuteAsync(caller.Person, shown, ct)).To(_ => TypedResults.NoContent());
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
