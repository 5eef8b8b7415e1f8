using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Server.Http;

/// <summary>Ids in routes. Text that is no id names nothing, so it is answered like an id that nobody has.</summary>
/// <exception cref="RejectedException">Not an id.</exception>
internal static class Ids
{
    public static UserId Person(string text) =>
        UserId.TryParse(text, out var id) ? id : throw new RejectedException(Rejection.NotFound("person"));

    public static PostId Post(string text) =>
        PostId.TryParse(text, out var id) ? id : throw new RejectedException(Rejection.NotFound("post"));

    public static CommentId Comment(string text) =>
        CommentId.TryParse(text, out var id) ? id : throw new RejectedException(Rejection.NotFound("comment"));

    public static AudienceListId List(string text) =>
        AudienceListId.TryParse(text, out var id) ? id : throw new RejectedException(Rejection.NotFound("list"));
}
