using Tidings.Engagement;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>
/// The newest posts that a person left one kind of mark on: all of them from a post on, so that most questions are answered here.
/// </summary>
/// <param name="sorted">Post ids, rising.</param>
/// <param name="from">Every marked post from this id on is here; 0 where all are.</param>
/// <param name="postsMax">More are not kept.</param>
internal sealed class MarkedPosts(long[] sorted, long from, int postsMax = MarkedPosts.PostsMax)
{
    public const int PostsMax = 1_000;

    public int Count => sorted.Length;

    /// <summary>The person never left this mark.</summary>
    public bool IsNone => sorted.Length == 0 && from == 0;

    /// <summary>Whether the person left the mark; null where the post is too old to tell.</summary>
    public bool? Contains(PostId post)
    {
        if (post.Value < from) return null;
        return sorted.Length > 0 && Array.BinarySearch(sorted, post.Value) >= 0;
    }

    /// <summary>After one post was marked, or its mark taken back.</summary>
    public MarkedPosts With(PostId post, bool on)
    {
        if (post.Value < from) return this;
        var at = Array.BinarySearch(sorted, post.Value);
        if (at >= 0 == on) return this;
        if (!on) return new MarkedPosts([.. sorted.AsSpan(0, at), .. sorted.AsSpan(at + 1)], from, postsMax);
        var kept = sorted.AsSpan();
        var next = from;
        if (sorted.Length >= postsMax)
        {
            // The oldest is left out; from just above it on all are here.
            if (at == -1) return new MarkedPosts(sorted, post.Value + 1, postsMax);
            next = sorted[0] + 1;
            kept = kept[1..];
            at++;
        }
        return new MarkedPosts([.. kept[..~at], post.Value, .. kept[~at..]], next, postsMax);
    }
}

/// <summary>All that memory holds of one person's marks: a feed page asks for each kind.</summary>
internal sealed record PersonMarks(MarkedPosts Likes, MarkedPosts Shares, MarkedPosts Hides)
{
    public MarkedPosts this[Mark mark] => mark switch
    {
        Mark.Like => Likes,
        Mark.Share => Shares,
        Mark.Hide => Hides,
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, null),
    };

    public PersonMarks With(Mark mark, PostId post, bool on)
    {
        var next = this[mark].With(post, on);
        return mark switch
        {
            Mark.Like => this with { Likes = next },
            Mark.Share => this with { Shares = next },
            _ => this with { Hides = next },
        };
    }
}
