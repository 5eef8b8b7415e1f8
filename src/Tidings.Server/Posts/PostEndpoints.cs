using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Http;
using Tidings.Server.Security;
using Audience = Tidings.Posts.Audience;
using PostType = Tidings.Posts.PostType;

namespace Tidings.Server.Posts;

/// <summary>Read, edit, delete; an author's posts. See <see cref="PublishEndpoint"/> for how they come.</summary>
internal static class PostEndpoints
{
    /// <summary>How often a single post is read anew because it was edited meanwhile.</summary>
    private const int ReadsMax = 4;

    public static void MapPosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/posts/{id}", ReadAsync).WithName("read_post").WithSummary("Reads a post").Says<PostView>(200, 401, 403, 404);
        routes.MapPatch("/posts/{id}", EditAsync).WithName("edit_post").WithSummary("Changes the text or the audience of one's post")
            .Says<PostView>(200, 400, 401, 403, 404, 412, 503, 507);
        routes.MapDelete("/posts/{id}", DeleteAsync).WithName("delete_post").WithSummary("Deletes one's post")
            .SaysNothing(401, 403, 404, 412, 503, 507);
        routes.MapGet("/people/{id}/posts", ByAuthorAsync).WithName("posts_of_person").WithSummary("A person's posts, newest first")
            .Says<Page<PostView>>(200, 400, 401, 403, 404);
    }

    private static async Task ReadAsync(
        HttpContext http, Caller caller, string id, SeePosts see, PostAnswers answers, CancellationToken ct)
    {
        var post = Ids.Post(id);
        for (var read = 0; read < ReadsMax; read++)
        {
            var seen = await see.OneAsync(caller.Person, post, ct);
            if (!seen.IsOk)
            {
                await Problems.WriteAsync(http, seen.Rejection);
                return;
            }
            if (await answers.TryOneAsync(http, caller.Person, seen.Value, ct))
                return;
        }
        throw new TooBusyException(
            StatusCodes.Status503ServiceUnavailable, "busy", "The post is being edited all the time.", TimeSpan.FromSeconds(1));
    }

    private static async Task EditAsync(
        HttpContext http, Caller caller, string id, Body<EditPostRequest> body, EditPost edit, SeePosts see, PostAnswers answers,
        [FromHeader(Name = ETags.IfMatchHeader)] string? ifMatch, CancellationToken ct)
    {
        var asked = body.Value;
        var version = ETags.IfMatch(ifMatch);
        var change = new PostEdit(asked.Text, (Audience?)asked.Audience, ListOf(asked.AudienceList));
        var edited = await edit.ExecuteAsync(Ids.Post(id), caller.Person, change, version, ct);
        if (edited.IsOk)
            await ReadAsync(http, caller, id, see, answers, ct);
        else if (version is not null && edited.Rejection.Code == ETags.Mismatch.Code)
            await Problems.WriteAsync(http, ETags.Mismatch, StatusCodes.Status412PreconditionFailed);
        else
            await Problems.WriteAsync(http, edited.Rejection);
    }

    private static async Task<IResult> DeleteAsync(
        Caller caller, string id, IPostStore posts, [FromHeader(Name = ETags.IfMatchHeader)] string? ifMatch, CancellationToken ct)
    {
        var version = ETags.IfMatch(ifMatch);
        var deleted = await posts.DeleteAsync(Ids.Post(id), caller.Person, version, ct);
        return version is not null && deleted.Rejection?.Code == ETags.Mismatch.Code
            ? Problems.Answer(ETags.Mismatch, StatusCodes.Status412PreconditionFailed)
            : deleted.To(_ => TypedResults.NoContent());
    }

    private static async Task ByAuthorAsync(
        HttpContext http, Caller caller, string id, [AsParameters] PageQuery page, IPeopleStore people, SeePosts see, PostAnswers answers,
        CancellationToken ct)
    {
        var author = Ids.Person(id);
        var before = page.After is 0 ? PostId.Last : new PostId(page.After);
        var known = new Person?[1];
        await people.GetAsync(new[] { author }, known, ct);
        var read = known[0] is null
            ? Rejection.NotFound("person")
            : await see.ByAuthorAsync(caller.Person, author, before, page.Limit, ct);
        if (!read.IsOk)
        {
            await Problems.WriteAsync(http, read.Rejection);
            return;
        }
        var next = PageQuery.CursorAfter(read.Value.Next.Value);
        page.Link(http, next);
        await answers.ListAsync(http, caller.Person, read.Value.Posts, next, ct);
    }

    internal static AudienceListId ListOf(string? text)
    {
        if (text is null)
            return default;
        return AudienceListId.TryParse(text, out var id)
            ? id
            : throw new RejectedException(Rejection.Invalid("audience_list", "The id of an audience list."));
    }
}
