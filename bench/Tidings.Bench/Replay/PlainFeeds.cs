using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>
/// What the feeds have to be, computed from the source alone and as plainly as possible: who follows whom as sets, posts as a list, a feed as all
/// posts of those whom one follows, and one's own, newest first. Of Tidings it takes nothing but the ids that it gave to people and posts.
/// </summary>
internal sealed class PlainFeeds
{
    private readonly Dictionary<long, HashSet<long>> _following = [];
    private readonly Dictionary<long, List<PlainPost>> _byAuthor = [];

    public sealed class PlainPost(UserId author)
    {
        public readonly UserId Author = author;
        public PostId Id;
        public int Comments;
        public readonly HashSet<long> Shares = [];
    }

    public long Follows { get; private set; }

    public long Posts { get; private set; }

    /// <summary>Everyone who follows anyone.</summary>
    public IReadOnlyCollection<long> Followers => _following.Keys;

    public void Follow(UserId follower, UserId followee)
    {
        if (follower != followee && (_following.TryGetValue(follower.Value, out var set) ? set : _following[follower.Value] = []).Add(followee.Value))
            Follows++;
    }

    public IReadOnlyCollection<long> FollowingOf(long person) => _following.TryGetValue(person, out var set) ? set : [];

    public PlainPost Post(UserId author)
    {
        var post = new PlainPost(author);
        (_byAuthor.TryGetValue(author.Value, out var list) ? list : _byAuthor[author.Value] = []).Add(post);
        Posts++;
        return post;
    }

    public List<PlainPost> Newest(UserId reader, int max)
    {
        var all = new List<PlainPost>(_byAuthor.GetValueOrDefault(reader.Value) ?? []);
        foreach (var followee in _following.GetValueOrDefault(reader.Value) ?? [])
            all.AddRange(_byAuthor.GetValueOrDefault(followee) ?? []);
        return [.. all.OrderByDescending(p => p.Id).Take(max)];
    }
}
