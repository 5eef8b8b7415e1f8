using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.Security;
using Audience = Tidings.Posts.Audience;
using PostType = Tidings.Posts.PostType;

namespace Tidings.Server.Posts;

/// <summary>How posts come in.</summary>
internal sealed class PublishEndpoint(PublishPost publish)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/posts", PublishAsync).WithName("publish_post").WithSummary("Publishes a post")
            .Says<PublishedView>(201, 400, 401, 403, 404, 413, 422, 503, 507);

    private async Task<IResult> PublishAsync(
        HttpContext http, Caller caller, Body<PublishRequest> body,
        [FromHeader(Name = Idempotency.KeyHeader)] string? idempotencyKey, CancellationToken ct)
    {
        var asked = body.Value;
        if (asked.MediaIds?.Contains(null!) == true)
            return Problems.Answer(Rejection.Invalid("media_ids", "A list of strings."));
        var list = PostEndpoints.ListOf(asked.AudienceList);
        var post = new NewPost(
            caller.Person, (PostType)asked.Type, (Audience)asked.Audience, list, new PostBody(asked.Text, asked.MediaIds ?? []));
        var published = await publish.ExecuteAsync(post, Idempotency.Claim(http, idempotencyKey, body, WireJson.Wire.PublishRequest), ct);
        return published.To(done =>
        {
            Idempotency.Tell(http, done.Replayed);
            ETags.Set(http, 1);
            return Answers.Created(http, $"/v1/posts/{done.Id}", Receipt(done.Id, caller.Person, asked), WireJson.Wire.PublishedView);
        });
    }

    /// <summary>A function of the request and the id alone: repeating the request gives the same bytes.</summary>
    private static PublishedView Receipt(PostId id, UserId author, PublishRequest asked) => new(
        id.ToString(), author.ToString(), asked.Type, asked.Text, asked.MediaIds ?? [], asked.Audience, asked.AudienceList,
        DateTimeOffset.FromUnixTimeMilliseconds(id.UnixMs), 1);
}
