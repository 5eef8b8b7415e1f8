using Tidings.Graph;
using Tidings.People;

namespace Tidings.Posts;

/// <summary>Single posts and author timelines as a viewer may see them. What the viewer may not see is told apart from nothing by nobody.</summary>
public sealed class SeePosts(IPostStore posts, IGraphStore graph, IAudienceStore audiences)
{
    public const int PageMax = 100;

    /// <summary>Stretches of a timeline that one page looks through at most: the posts in between may all be invisible.</summary>
    private const int StretchesMax = 10;

    /// <summary>The post's header, or <c>post_not_found</c>.</summary>
    public async ValueTask<Result<PostHeader>> OneAsync(UserId viewer, PostId post, CancellationToken ct)
    {
        var header = new PostHeader[1];
        await posts.HeadersAsync(new[] { post }, header, ct);
        var tie = header[0].Exists && header[0].Author != viewer ? await graph.TieAsync(viewer, header[0].Author, ct) : Tie.None;
        var inAudience = await InAudienceAsync(viewer, header[0], ct);
        return Visibility.CanSee(viewer, header[0], tie, inAudience) == Sight.Visible ? header[0] : Rejection.NotFound("post");
    }

    /// <summary>An author's posts older than <paramref name="before"/>, newest first.</summary>
    /// <returns>The page, and the place where the next one begins: <see cref="PostId.None"/> at the end.</returns>
    public async ValueTask<Result<(IReadOnlyList<PostHeader> Posts, PostId Next)>> ByAuthorAsync(
        UserId viewer, UserId author, PostId before, int max, CancellationToken ct)
    {
        var tie = author == viewer ? Tie.None : await graph.TieAsync(viewer, author, ct);
        if ((tie & Tie.BlockedBy) != 0)
            return Rejection.NotFound("person");

        // One more than asked for tells whether there is a next page: what may not be seen must not make it look as if there were.
        var page = new List<PostHeader>(max + 1);
        var ids = new PostId[PageMax + 1];
        var headers = new PostHeader[ids.Length];
        for (var stretch = 0; stretch < StretchesMax; stretch++)
        {
            var room = stretch == 0 ? Math.Min(max + 1, ids.Length) : ids.Length;
            var count = await posts.NewestAsync(new[] { author }, before, ids.AsMemory(0, room), ct);
            await posts.HeadersAsync(ids.AsMemory(0, count), headers.AsMemory(0, count), ct);
            for (var i = 0; i < count && page.Count <= max; i++)
            {
                before = ids[i];
                var inAudience = await InAudienceAsync(viewer, headers[i], ct);
                if (Visibility.CanSee(viewer, headers[i], tie, inAudience) == Sight.Visible)
                    page.Add(headers[i]);
            }
            if (page.Count > max)
            {
                page.RemoveAt(max);
                return (page, page[^1].Id);
            }
            if (count < room)
                return (page, PostId.None);
        }
        return (page, before);
    }

    private async ValueTask<bool> InAudienceAsync(UserId viewer, PostHeader post, CancellationToken ct)
    {
        if (post.Audience != Audience.Custom || !post.Exists || post.Author == viewer)
            return false;
        var contains = new bool[1];
        await audiences.ContainsAsync(viewer, new[] { post.List }, contains, ct);
        return contains[0];
    }
}
