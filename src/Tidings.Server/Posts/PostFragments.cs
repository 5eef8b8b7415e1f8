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
public sealed class PostFragments(IPostStore posts, IPeopleStore people, ServeOptions options, TimeProvider clock)
{
    /// <summary>Longer ones are made anew each time: with this and the number of entries the memory has a limit.</summary>
    private const int KeptBytesMax = 8 * 1024;

    private readonly FragmentTable _kept = new(options.PostCacheEntries, TimeSpan.FromSeconds(options.PostCacheSeconds), clock);
    private long _hits, _misses;

    public int Count => _kept.Count;

    public long Hits => Volatile.Read(ref _hits);

    public long Misses => Volatile.Read(ref _misses);

    public CacheFigures Figures => new(Count, options.PostCacheEntries, Hits, Misses);

    /// <summary>Fills in what is kept, null for the rest.</summary>
    /// <returns>How many are missing.</returns>
    public int Find(ReadOnlySpan<FeedItem> items, Span<byte[]?> into)
    {
        Span<(PostId, int)> wanted = stackalloc (PostId, int)[Math.Min(items.Length, FeedQuery.LimitMax)];
        var missing = 0;
        for (var from = 0; from < items.Length; from += wanted.Length)
        {
            var some = items.Slice(from, Math.Min(wanted.Length, items.Length - from));
            for (var i = 0; i < some.Length; i++)
                wanted[i] = (some[i].Header.Id, some[i].Header.Version);
            missing += _kept.Find(wanted[..some.Length], into[from..]);
        }
        Interlocked.Add(ref _hits, items.Length - missing);
        if (missing > 0) Interlocked.Add(ref _misses, missing);
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
    public void Forget(UserId author) => _kept.Remove(fragment => PostJson.IsBy(author, fragment));

    private byte[]? Make(in PostHeader header, PostBody? body, Person? author)
    {
        if (body is null || author is null || body.Version != header.Version)
            return null;
        var json = PostJson.Fragment(header, body, author);
        if (json.Length <= KeptBytesMax)
            _kept.Add(header.Id, header.Version, json);
        return json;
    }
}
