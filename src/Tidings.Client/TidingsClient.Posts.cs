using System.Globalization;
using System.Net.Http.Headers;
using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>Posts, engagement with them, and the feed.</summary>
public sealed partial class TidingsClient
{
    /// <param name="idempotencyKey">Sent again with the same key and the same post, the request is done once.</param>
    public Task<PublishedView> PublishAsync(PublishRequest post, string? idempotencyKey, CancellationToken ct) =>
        AskAsync(Post("/v1/posts", post, WireJson.Wire.PublishRequest, idempotencyKey), WireJson.Wire.PublishedView, ct);

    public Task<PostView> PostAsync(string id, CancellationToken ct) => AskAsync(Get($"/v1/posts/{id}"), WireJson.Wire.PostView, ct);

    /// <param name="ifVersion">Refused with 412 where the post has another version.</param>
    public Task<PostView> EditPostAsync(string id, EditPostRequest changes, int? ifVersion, CancellationToken ct)
    {
        var request = Patch($"/v1/posts/{id}", changes, WireJson.Wire.EditPostRequest);
        if (ifVersion is { } version)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")));
        return AskAsync(request, WireJson.Wire.PostView, ct);
    }

    public Task DeletePostAsync(string id, CancellationToken ct) => DoAsync(Delete($"/v1/posts/{id}"), ct);

    public Task<Page<PostView>> PostsOfAsync(string person, int? limit, string? cursor, CancellationToken ct) =>
        AskAsync(Get(Paged($"/v1/people/{person}/posts", limit, cursor)), WireJson.Wire.PagePostView, ct);

    public Task<EngagementView> LikeAsync(string post, CancellationToken ct) => EngageAsync(Put($"/v1/posts/{post}/like"), ct);

    public Task<EngagementView> UnlikeAsync(string post, CancellationToken ct) => EngageAsync(Delete($"/v1/posts/{post}/like"), ct);

    public Task<EngagementView> ShareAsync(string post, CancellationToken ct) => EngageAsync(Put($"/v1/posts/{post}/share"), ct);

    public Task<EngagementView> UnshareAsync(string post, CancellationToken ct) => EngageAsync(Delete($"/v1/posts/{post}/share"), ct);

    public Task HideAsync(string post, CancellationToken ct) => DoAsync(Put($"/v1/posts/{post}/hide"), ct);

    public Task UnhideAsync(string post, CancellationToken ct) => DoAsync(Delete($"/v1/posts/{post}/hide"), ct);

    public Task<Page<PersonSummary>> LikersAsync(string post, int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync($"/v1/posts/{post}/likes", limit, cursor, ct);

    public Task<CommentedView> CommentAsync(string post, string text, string? idempotencyKey, CancellationToken ct) => AskAsync(
        Post($"/v1/posts/{post}/comments", new CommentRequest(text), WireJson.Wire.CommentRequest, idempotencyKey),
        WireJson.Wire.CommentedView, ct);

    public Task<Page<CommentView>> CommentsAsync(string post, int? limit, string? cursor, CancellationToken ct) =>
        AskAsync(Get(Paged($"/v1/posts/{post}/comments", limit, cursor)), WireJson.Wire.PageCommentView, ct);

    public Task DeleteCommentAsync(string post, string comment, CancellationToken ct) =>
        DoAsync(Delete($"/v1/posts/{post}/comments/{comment}"), ct);

    /// <param name="order"><c>ranked</c> or <c>latest</c>; null for ranked.</param>
    public Task<FeedView> FeedAsync(string? order, int? limit, string? cursor, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/feed", limit, cursor, order)), WireJson.Wire.FeedView, ct);

    /// <summary>Public posts that are popular now, the most popular first.</summary>
    public Task<Page<PostView>> PopularAsync(int? limit, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/popular", limit, null)), WireJson.Wire.PagePostView, ct);

    private Task<EngagementView> EngageAsync(HttpRequestMessage request, CancellationToken ct) =>
        AskAsync(request, WireJson.Wire.EngagementView, ct);
}
