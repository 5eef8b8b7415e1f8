using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class PostStore(Writer writer, PeopleTable people, AudienceTable audiences, PostTable posts, ClaimTable claims) : IPostStore
{
    public ValueTask<Result<Published>> PublishAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct) =>
        writer.CommitAsync((self: this, post, row: BodyRow.Write(post.Body), claim), static (draft, state) =>
            state.self.Publish(draft, state.post, state.row, state.claim), ct);

    public ValueTask<Result<PostHeader>> EditAsync(PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct) =>
        writer.CommitAsync((self: this, post, editor, edit, ifVersion), static (draft, state) =>
            state.self.Edit(draft, state.post, state.editor, state.edit, state.ifVersion), ct);

    public ValueTask<Result<bool>> DeleteAsync(PostId post, UserId author, int? ifVersion, CancellationToken ct) =>
        writer.CommitAsync((posts, post, author, ifVersion), static (draft, state) =>
        {
            var header = state.posts.Get(draft, state.post);
            if (header.Version == 0 || header.Author != state.author)
                return Rejection.NotFound("post");
            if (header.Deleted)
                return (Result<bool>)false;
            if (state.ifVersion is { } version && version != header.Version)
                return AnotherVersion(header, version);
            state.posts.Delete(draft, header);
            CommentTable.DeleteAll(draft, header.Id);
            draft.Tell(EventKind.PostDeleted, state.author, state.author, header.Id, 0);
            return (Result<bool>)true;
        }, ct);

    public ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct)
    {
        posts.Get(ids.Span, into.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask BodiesAsync(ReadOnlyMemory<PostId> ids, Memory<PostBody?> into, CancellationToken ct)
    {
        for (var i = 0; i < ids.Length; i++)
            into.Span[i] = posts.GetBody(ids.Span[i]);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> NewestAsync(ReadOnlyMemory<UserId> authors, PostId before, Memory<PostId> into, CancellationToken ct) =>
        new(posts.Newest(Known(authors).Span, before, into.Span));

    /// <summary>Memory numbers people by 32 bits: an id that nobody has must not be cut down to one that somebody has.</summary>
    private ReadOnlyMemory<UserId> Known(ReadOnlyMemory<UserId> authors)
    {
        foreach (var author in authors.Span)
        {
            if (!people.Exists(author)) return authors.ToArray().Where(people.Exists).ToArray();
        }
        return authors;
    }

    private Result<Published> Publish(Draft draft, NewPost post, byte[] row, IdempotencyClaim? claim)
    {
        var made = claims.Find(draft, post.Author, claim, ClaimKind.Post);
        if (!made.IsOk)
            return made.Rejection;
        if (made.Value != 0)
            return new Published(new PostId(made.Value), Replayed: true);
        if (!people.Exists(draft, post.Author))
            return Rejection.NotFound("person");
        if (!OwnsAudience(draft, post.Author, post.Audience, post.List))
            return AudienceStore.NoSuchList;

        var id = new PostId(draft.NextTimeOrderedId());
        var header = new PostHeader(id, post.Author, post.Type, post.Audience, post.List, Deleted: false, Version: 1, EditedUnixMs: 0, default);
        posts.Add(draft, header, row);
        claims.Set(draft, post.Author, claim, ClaimKind.Post, id.Value);
        draft.Tell(EventKind.PostPublished, post.Author, post.Author, id, Mentions.DetailOf(post.Body.Text));
        return new Published(id, Replayed: false);
    }

    private Result<PostHeader> Edit(Draft draft, PostId post, UserId editor, PostEdit edit, int? ifVersion)
    {
        var header = posts.Get(draft, post);
        if (!header.Exists || header.Author != editor)
            return Rejection.NotFound("post");
        if (ifVersion is { } version && version != header.Version)
            return AnotherVersion(header, version);
        if (edit.Text is { } text && PostRules.CheckText(header.Type, text) is { } wrong)
            return wrong;
        var (audience, list) = edit.Audience is { } other ? (other, edit.List) : (header.Audience, header.List);
        if (edit.Audience is not null && !OwnsAudience(draft, editor, audience, list))
            return AudienceStore.NoSuchList;

        var next = header with { Audience = audience, List = list, Version = header.Version + 1, EditedUnixMs = draft.NowUnixMs };
        var body = posts.GetBody(draft, post)!;
        posts.SetBody(draft, post, body with { Text = edit.Text ?? body.Text, Version = next.Version });
        posts.Set(draft, next);
        draft.Tell(EventKind.PostEdited, editor, editor, post, 0);
        return next;
    }

    private static Rejection AnotherVersion(in PostHeader header, int version) =>
        new(RejectionKind.Conflict, "version_conflict", $"The post has version {header.Version}, not {version}.");

    private bool OwnsAudience(Draft draft, UserId author, Audience audience, AudienceListId list) =>
        audience != Audience.Custom || audiences.Get(draft, list)?.Owner == author;
}
