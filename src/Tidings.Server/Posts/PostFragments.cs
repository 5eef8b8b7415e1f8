using BitFaster.Caching.Lru;
using Tidings.Embedded;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Hosting;

namespace Tidings.Server.Posts;

/// <summary>
/// Posts ready to be sent, by id and version: an edit is another key, so nothing here is ever out of date but an author's name, and a new name
/// drops them (<see cref="Forget"/>). Whether a reader may see a post is never asked here: it was decided by the header that comes with it.
/// </summary>
public sealed class PostFragments(IPostStore posts, IPeopleStore people, ServeOptions options)
{
    /// <summary>Longer ones are made anew each time: with this and the number of entries the memory has a limit.</summary>
    private const int KeptBytesMax = 8 * 1024;

    private readonly ConcurrentTLru<(PostId, int), byte[]> _kept = new(
        Environment.ProcessorCount, options.PostCacheEntries, EqualityComparer<(PostId, int)>.Default,
        TimeSpan.FromSeconds(options.PostCacheSeconds));

    public int Count => _kept.Count;

    public long Hits => _kept.Metrics.Value!.Hits;

    public long Misses => _kept.Metrics.Value!.Misses;

    public CacheFigures Figures => new(Count, options.PostCacheEntries, Hits, Misses);

    /// <summary>Fills in what is kept, null for the rest.</summary>
    /// <returns>How many are missing.</returns>
    public int Find(ReadOnlySpan<FeedItem> items, Span<byte[]?> into)
    {
        var missing = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (_kept.TryGet((items[i].Header.Id, items[i].Header.Version), out var kept))
            {
                into[i] = kept;
                continue;
            }
            into[i] = null;
            missing++;
        }
        return missing;
    }

    /// <summary>Makes what <see cref="Find"/> left out, in one batch. Null stays where the post is gone or has been edited since its header was
    /// read: its new text may not be for this reader.</summary>
    public async ValueTask CompleteAsync(ReadOnlyMemory<FeedItem> items, Memory<byte[]?> into, CancellationToken ct)
    {
        var missing = new List<PostHeader>();
        for (var i = 0; i < items.Length; i++)
        {
            if (into.Span[i] is null)
                missing.Add(items.Span[i].Header);
        }

        var bodies = new PostBody?[missing.Count];
        var authors = new Person?[missing.Count];
        await posts.BodiesAsync(missing.Select(h => h.Id).ToArray(), bodies, ct);
        await people.GetAsync(missing.Select(h => h.Author).ToArray(), authors, ct);
        for (int i = 0, m = 0; i < items.Length; i++)
        {
            if (into.Span[i] is null)
            {
                into.Span[i] = Make(missing[m], bodies[m], authors[m]);
                m++;
            }
        }
    }

    /// <summary>Drops the posts of an author whose name changed. A reader who got the old name a moment before may still put it back: then it
    /// stays for the lifetime of an entry.</summary>
    public void Forget(UserId author)
    {
        foreach (var (key, fragment) in _kept)
        {
            if (PostJson.IsBy(author, fragment))
                _kept.TryRemove(key);
        }
    }

    private byte[]? Make(in PostHeader header, PostBody? body, Person? author)
    {
        if (body is null || author is null || body.Version != header.Version)
            return null;
        var json = PostJson.Fragment(header, body, author);
        if (json.Length <= KeptBytesMax)
            _kept.AddOrUpdate((header.Id, header.Version), json);
        return json;
    }
}
