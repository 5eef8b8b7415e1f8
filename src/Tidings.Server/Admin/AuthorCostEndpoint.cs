using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;

namespace Tidings.Server.Admin;

/// <summary>Whose posts cost most to bring to their readers, for the operator's console.</summary>
internal static class AuthorCostEndpoint
{
    public static void MapAuthorCosts(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/authors/costs", ReadAsync).WithName("author_costs").WithSummary("Whose posts cost most to bring to their readers, lately")
            .Says<AuthorCostsView>(200, 400, 401, 403);

    private static async Task<IResult> ReadAsync(
        [FromQuery(Name = PageQuery.LimitName)] string? limit, AuthorCosts costs, IGraphStore graph, IFanOutModes modes, PersonViews views,
        TimeProvider clock, CancellationToken ct)
    {
        var top = costs.Top(new PageQuery(limit, null).Limit, clock.GetUtcNow().ToUnixTimeMilliseconds(), out var deliveries);
        var authors = Array.ConvertAll(top, cost => cost.Author);
        var people = await views.SummariesAsync(authors, ct);
        var followers = new int[authors.Length];
        var mode = new FanOutMode[authors.Length];
        await graph.FollowersAsync(authors, followers, ct);
        await modes.ModesAsync(authors, mode, ct);
        return Answers.Json(
            new AuthorCostsView(
                AuthorCosts.HalfLifeMs / 1_000.0, deliveries,
                [.. top.Select((cost, i) => new AuthorCostView(
                    people[i], followers[i], mode[i].ToString().ToLowerInvariant(), cost.Posts, cost.Deliveries, cost.TooHigh,
                    Math.Min(1, cost.Deliveries / deliveries)))]),
            WireJson.Wire.AuthorCostsView);
    }
}
