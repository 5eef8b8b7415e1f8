using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.Engagement;
using Tidings.Server.Http;
using Tidings.Server.People;
using Tidings.Server.Security;

namespace Tidings.Server.Engagement;

/// <summary>Comments on a post, in the order in which they were made.</summary>
internal static class CommentEndpoints
{
    public static void MapComments(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/posts/{id}/comments", CommentAsync).WithName("comment_on_post").WithSummary("Comments on a post")
            .Says<CommentedView>(201, 400, 401, 403, 404, 413, 422, 503, 507);
        routes.MapGet("/posts/{id}/comments", ListAsync).WithName("comments_of_post").WithSummary("The comments of a post, oldest first")
            .Says<Page<CommentView>>(200, 400, 401, 403, 404);
        routes.MapDelete("/posts/{id}/comments/{comment}", DeleteAsync).WithName("delete_comment")
            .WithSummary("Deletes one's comment, or any comment on one's post").SaysNothing(401, 403, 404, 503, 507);
    }

    private static async Task<IResult> CommentAsync(
        HttpContext http, Caller caller, string id, Body<CommentRequest> body, CommentOnPost comment,
        [FromHeader(Name = Idempotency.KeyHeader)] string? idempotencyKey, CancellationToken ct)
    {
        var post = Ids.Post(id);
        var text = body.Value.Text;
        var claim = Idempotency.Claim(http, idempotencyKey, body, WireJson.Wire.CommentRequest);
        var made = await comment.ExecuteAsync(caller.Person, post, text, claim, ct);
        return made.To(done =>
        {
            Idempotency.Tell(http, done.Replayed);
            var receipt = new CommentedView(
                done.Id.ToString(), post.ToString(), caller.Person.ToString(), text, DateTimeOffset.FromUnixTimeMilliseconds(done.Id.UnixMs));
            return Answers.Created(http, $"/v1/posts/{post}/comments/{done.Id}", receipt, WireJson.Wire.CommentedView);
        });
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Caller caller, string id, [AsParameters] PageQuery page, ReadEngagement read, PersonViews people, CancellationToken ct)
    {
        var comments = await read.CommentsAsync(caller.Person, Ids.Post(id), new CommentId(page.After), page.Limit, ct);
        if (!comments.IsOk)
            return Problems.Answer(comments.Rejection);
        var (made, next) = comments.Value;
        var authors = await people.SummariesAsync(made.Select(c => c.Author).ToArray(), ct);
        var views = made.Select((c, i) => new CommentView(
            c.Id.ToString(), authors[i], c.Text, DateTimeOffset.FromUnixTimeMilliseconds(c.Id.UnixMs))).ToArray();
        return page.Answer(http, views, next.Value, WireJson.Wire.PageCommentView);
    }

    private static async Task<IResult> DeleteAsync(Caller caller, string id, string comment, CommentOnPost comments, CancellationToken ct) =>
        (await comments.DeleteAsync(caller.Person, Ids.Post(id), Ids.Comment(comment), ct)).To(_ => TypedResults.NoContent());
}
