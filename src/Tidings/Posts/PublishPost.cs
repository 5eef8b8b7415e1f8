using Tidings.People;

namespace Tidings.Posts;

/// <summary>
/// A post is published when it is in the record: post, author timeline, idempotency key and event together. Nothing else happens on the
/// request; fan-out reads the event.
/// </summary>
public sealed class PublishPost(IPostStore posts)
{
    public ValueTask<Result<Published>> ExecuteAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct) =>
        PostRules.Check(post.Type, post.Audience, post.List, post.Body) is { } wrong
            ? new(wrong)
            : posts.PublishAsync(post, claim, ct);
}

/// <summary>An author changes the text or the audience. Whoever may no longer see it doesn't from the next read on.</summary>
public sealed class EditPost(IPostStore posts)
{
    public async ValueTask<Result<PostHeader>> ExecuteAsync(
        PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct)
    {
        if (edit.Text is null && edit.Audience is null)
            return Rejection.Invalid("text", "An edit changes the text, the audience, or both.");
        if (edit.Audience is { } audience && PostRules.CheckAudience(audience, edit.List) is { } wrongAudience)
            return wrongAudience;
        if (edit.Text is { } text && PostRules.CheckText(PostType.Image, text) is { } wrongText)
            return wrongText;
        return await posts.EditAsync(post, editor, edit, ifVersion, ct);
    }
}
