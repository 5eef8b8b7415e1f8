using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.Feeds;

/// <summary>Why a post is where it is in a feed, or why it isn't there.</summary>
internal static class WhyEndpoints
{
    public static void MapWhy(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/feed/why/{post}", OwnAsync).WithName("why_in_feed").WithSummary("Why a post is where it is in one's feed, or why not")
            .Says<WhyView>(200, 401, 403, 404);

    public static void MapWhyForAdmins(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{id}/feed/why/{post}", OfAsync).WithName("why_in_feed_of").WithSummary("The same for anybody's feed")
            .Says<WhyView>(200, 401, 403, 404);

    /// <summary>What a reader may not see is told apart from nothing by nobody: not here either.</summary>
    private static async Task<IResult> OwnAsync(Caller caller, string post, ReadFeed feed, CancellationToken ct)
    {
        var why = await feed.ExplainAsync(caller.Person, Ids.Post(post), ct);
        return why.Sight is Sight.Visible or Sight.Hidden or Sight.Muted or Sight.Unfollowed
            ? Answer(why)
            : Problems.Answer(Rejection.NotFound("post"));
    }

    private static async Task<IResult> OfAsync(string id, string post, ReadFeed feed, IPeopleStore people, CancellationToken ct)
    {
        var reader = Ids.Person(id);
        var found = new Person?[1];
        await people.GetAsync(new[] { reader }, found, ct);
        return found[0] is null
            ? Problems.Answer(Rejection.NotFound("person"))
            : Answer(await feed.ExplainAsync(reader, Ids.Post(post), ct));
    }

    private static IResult Answer(WhyInFeed why) => Answers.Json(
        new WhyView(
            why.Post.ToString(), why.Shown, Snake(why.Stage.ToString()),
            Named(Features.Names, why.Features),
            [.. (why.Terms ?? []).Select(term => new ScoreTermView(term.Name, term.Value))],
            why.Rule ?? (why.Sight == Sight.Visible ? null : Snake(why.Sight.ToString())),
            why.Rank == 0 ? null : why.Rank,
            why.Rank == 0 ? null : why.Score,
            why.Variant.Length == 0 ? null : why.Variant,
            why.Heads is null ? null : Named(Heads.Names, why.Heads)),
        WireJson.Wire.WhyView);

    private static Dictionary<string, float> Named(IReadOnlyList<string> names, IReadOnlyList<float>? values) =>
        (values ?? []).Select((value, i) => (Name: names[i], Value: value)).ToDictionary(named => named.Name, named => named.Value);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
