using System.Buffers;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Http;

namespace Tidings.Server.Posts;

/// <summary>
/// Sends posts: one, a list, a page of a feed; the same JSON each time. On a page whose posts are all kept nothing is allocated for a post: fragments
/// are copied, a few numbers written behind each, and the whole leaves with its length.
/// </summary>
internal sealed class PostAnswers(PostFragments fragments, IEngagementStore engagement)
{
    /// <returns>False where the post has changed since the header was read: read it again.</returns>
    public async Task<bool> TryOneAsync(HttpContext http, UserId viewer, PostHeader header, CancellationToken ct)
    {
        var items = new[] { new FeedItem(header, 0, false, false) };
        await MarkAsync(viewer, items, ct);
        var found = new byte[]?[1];
        if (fragments.Find(items, found) > 0)
            await fragments.CompleteAsync(items, found, ct);
        if (found[0] is not { } fragment)
            return false;

        using var bytes = new PooledBytes(fragment.Length + PostJson.TailBytesMax);
        bytes.Add(fragment);
        PostJson.WriteTail(bytes, items[0], viewer, ranked: false);
        ETags.Set(http, header.Version);
        await bytes.SendAsync(http);
        return true;
    }

    public async Task ListAsync(HttpContext http, UserId viewer, IReadOnlyList<PostHeader> headers, string? next, CancellationToken ct)
    {
        var items = headers.Select(h => new FeedItem(h, 0, false, false)).ToArray();
        await MarkAsync(viewer, items, ct);
        await PageAsync(http, viewer, items, new PageTail(next), ct);
    }

    public async Task FeedAsync(HttpContext http, UserId viewer, FeedPage page, bool ranked, CancellationToken ct)
    {
        var count = page.Items.Length;
        var items = ArrayPool<FeedItem>.Shared.Rent(count);
        page.Items.CopyTo(items);
        var tail = new PageTail(page.NextCursor, IsFeed: true, ranked, page.CaughtUpAt, page.Quality);
        await PageAsync(http, viewer, items.AsMemory(0, count), tail, ct);
        ArrayPool<FeedItem>.Shared.Return(items);
    }

    private async Task PageAsync(
        HttpContext http, UserId viewer, ReadOnlyMemory<FeedItem> items, PageTail tail, CancellationToken ct)
    {
        var found = ArrayPool<byte[]?>.Shared.Rent(items.Length);
        if (fragments.Find(items.Span, found) > 0)
            await fragments.CompleteAsync(items, found.AsMemory(0, items.Length), ct);
        using var page = new PostPage(items, found, viewer, tail);
        await page.SendAsync(http);
        ArrayPool<byte[]?>.Shared.Return(found, clearArray: true);
    }

    private async ValueTask MarkAsync(UserId viewer, FeedItem[] items, CancellationToken ct)
    {
        var ids = Array.ConvertAll(items, i => i.Header.Id);
        var liked = new bool[ids.Length];
        var shared = new bool[ids.Length];
        await engagement.MarkedAsync(viewer, Mark.Like, ids, liked, ct);
        await engagement.MarkedAsync(viewer, Mark.Share, ids, shared, ct);
        for (var i = 0; i < items.Length; i++)
            items[i] = items[i] with { Liked = liked[i], Shared = shared[i] };
    }
}
