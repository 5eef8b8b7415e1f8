using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Tests.Simulation;

/// <summary>
/// What Tidings promises, said as plainly as possible: sets, and a feed as a filter over all posts. No inboxes, no fan-out, no cache.
/// </summary>
internal sealed class ReferenceModel
{
    public sealed class Post(PostId id, UserId author, PostType type)
    {
        public readonly PostId Id = id;
        public readonly UserId Author = author;
        public readonly PostType Type = type;
        public Audience Audience;
        public AudienceListId List;
        public string Text = "";
        public int Version = 1;
        public bool Deleted;
        public readonly HashSet<UserId> Likes = [], Shares = [], Hides = [];
        public readonly Dictionary<CommentId, (UserId Author, string Text)> Comments = [];

        public Counts Counts => new(Likes.Count, Comments.Count, Shares.Count);
    }

    public readonly Dictionary<PostId, Post> Posts = [];
    public readonly HashSet<(UserId From, UserId To)> Follows = [], Requests = [], Blocks = [], Mutes = [], Close = [];
    public readonly HashSet<(UserId, UserId)> Friends = [];
    public readonly Dictionary<AudienceListId, (UserId Owner, HashSet<UserId> Members)> Lists = [];
    public readonly Dictionary<(UserId Reader, UserId Author), double> Affinities = [];
    public readonly Dictionary<(UserId, UserId, Encounter), long> Met = [];
    public readonly HashSet<(UserId Reader, PostId Post, long Day)> Shown = [];
    public readonly Dictionary<(UserId Owner, NotificationKind Kind, PostId Post, UserId Actor, long Source), long> Told = [];

    /// <summary>What a person is told of another's act.</summary>
    /// <param name="again">Whether being told before makes no difference.</param>
    public void Tell(UserId owner, NotificationKind kind, PostId post, UserId actor, long source, long now, bool again = true)
    {
        var told = (owner, kind, post, actor, source);
        if (owner != actor && !Blocks.Contains((owner, actor)) && !Blocks.Contains((actor, owner)) && !Mutes.Contains((owner, actor))
            && (again || !Told.ContainsKey(told)))
            Told[told] = now;
    }

    public void TellMentions(string text, Post post, UserId actor, long source, long now, IReadOnlyList<UserId> people, bool again = true)
    {
        for (var i = 0; i < people.Count; i++)
        {
            if (text.Contains($"@person_{i} ", StringComparison.Ordinal) && CanSee(people[i], post) && (source == 0 || people[i] != post.Author))
                Tell(people[i], NotificationKind.Mention, post.Id, actor, source, now, again);
        }
    }

    public void Untell(Func<(UserId Owner, NotificationKind Kind, PostId Post, UserId Actor, long Source), bool> which)
    {
        foreach (var told in Told.Keys.Where(which).ToList())
            Told.Remove(told);
    }

    public void Do(UserId a, TieAction action, UserId b, long now)
    {
        var (friends, follows, requested) = (AreFriends(a, b), Follows.Contains((a, b)), Requests.Contains((a, b)));
        Do(a, action, b);
        if (AreFriends(a, b) && !friends) Tell(b, NotificationKind.Friend, default, a, 0, now);
        else if (Follows.Contains((a, b)) && !follows) Tell(b, NotificationKind.Follow, default, a, 0, now);
        if (Requests.Contains((a, b)) && !requested) Tell(b, NotificationKind.FriendRequest, default, a, 0, now);
        Untell(t => (t.Owner == a && t.Actor == b && Blocks.Contains((a, b))) || (t.Owner == b && t.Actor == a && Blocks.Contains((a, b)))
            || (t.Owner == a && t.Actor == b && Mutes.Contains((a, b))));
        Untell(t => t.Kind switch
        {
            NotificationKind.Follow => !Follows.Contains((t.Actor, t.Owner)),
            NotificationKind.Friend => !AreFriends(t.Actor, t.Owner),
            NotificationKind.FriendRequest => !Requests.Contains((t.Actor, t.Owner)),
            _ => false,
        });
    }

    private void Do(UserId a, TieAction action, UserId b)
    {
        var blocked = Blocks.Contains((a, b)) || Blocks.Contains((b, a));
        switch (action)
        {
            case TieAction.Follow when !blocked: Follows.Add((a, b)); break;
            case TieAction.Unfollow: Follows.Remove((a, b)); break;
            case TieAction.RequestFriend when !blocked && Requests.Contains((b, a)): Befriend(a, b); break;
            case TieAction.RequestFriend when !blocked && !AreFriends(a, b): Requests.Add((a, b)); break;
            case TieAction.AcceptFriend when !blocked && Requests.Contains((b, a)): Befriend(a, b); break;
            case TieAction.DropRequest: Requests.Remove((a, b)); Requests.Remove((b, a)); break;
            case TieAction.Unfriend when AreFriends(a, b): Part(a, b); break;
            case TieAction.Block: Part(a, b); Requests.Remove((a, b)); Requests.Remove((b, a)); Blocks.Add((a, b)); break;
            case TieAction.Unblock: Blocks.Remove((a, b)); break;
            case TieAction.Mute: Mutes.Add((a, b)); break;
            case TieAction.Unmute: Mutes.Remove((a, b)); break;
            case TieAction.AddCloseFriend when !blocked && AreFriends(a, b): Close.Add((a, b)); break;
            case TieAction.RemoveCloseFriend: Close.Remove((a, b)); break;
        }
    }

    private void Befriend(UserId a, UserId b)
    {
        Requests.Remove((a, b));
        Requests.Remove((b, a));
        Friends.UnionWith([(a, b), (b, a)]);
        Follows.UnionWith([(a, b), (b, a)]);
    }

    private void Part(UserId a, UserId b)
    {
        foreach (var pair in new[] { (a, b), (b, a) })
        {
            Friends.Remove(pair);
            Follows.Remove(pair);
            Close.Remove(pair);
        }
    }

    public bool AreFriends(UserId a, UserId b) => Friends.Contains((a, b));

    public bool CanSee(UserId viewer, Post post) =>
        !post.Deleted
        && (post.Author == viewer
            || (!Blocks.Contains((viewer, post.Author))
                && !Blocks.Contains((post.Author, viewer))
                && post.Audience switch
                {
                    Audience.Public => true,
                    Audience.Friends => AreFriends(viewer, post.Author),
                    _ => Lists.TryGetValue(post.List, out var list) && list.Members.Contains(viewer),
                }));

    public bool IsInFeed(UserId reader, Post post) =>
        CanSee(reader, post)
        && !post.Hides.Contains(reader)
        && (post.Author == reader || (Follows.Contains((reader, post.Author)) && !Mutes.Contains((reader, post.Author))));

    public List<Post> Latest(UserId reader) =>
        [.. Posts.Values.Where(p => IsInFeed(reader, p)).OrderByDescending(p => p.Id)];

    /// <summary>The ranked walk, page by page, of a feed that fits into one block.</summary>
    /// <param name="seen">What goes below the rest: a filter may take for seen what isn't.</param>
    public List<PostId> Ranked(UserId reader, RankingProfile profile, Func<PostId, bool> seen, long now, int limit)
    {
        var firstPass = new FirstPass(profile);
        var candidates = Posts.Values.Where(p => IsInFeed(reader, p)).OrderByDescending(p => p.Id).ToList();
        var days = candidates.Count == 0 ? 1 : Math.Max(1, (candidates[0].Id.UnixMs - candidates[^1].Id.UnixMs) / TimeSpan.FromDays(1).TotalMilliseconds);
        var waiting = candidates.OrderBy(p => seen(p.Id)).ThenByDescending(Score).ToList();

        float Score(Post p)
        {
            var score = firstPass.Score(HeaderOf(p), (float)Affinity(reader, p.Author, now), now);
            var perDay = candidates.Count(c => c.Author == p.Author) * (1 / (float)days);
            return score + score * (profile.FairnessMax / (1 + perDay));
        }
        var walk = new List<PostId>();
        while (waiting.Count > 0)
        {
            var page = new List<Post>();
            foreach (var part in new[] { waiting.Where(p => !seen(p.Id)).ToList(), waiting.Where(p => seen(p.Id)).ToList() })
            {
                foreach (var post in part)
                {
                    if (page.Count < limit && page.Count(p => p.Author == post.Author) < profile.PerAuthorMax)
                        page.Add(post);
                }
                page.AddRange(part.Except(page).Take(limit - page.Count));
            }
            walk.AddRange(page.Select(p => p.Id));
            waiting = [.. waiting.Except(page)];
        }
        return walk;
    }

    public void Interact(UserId reader, UserId author, double weight, long now)
    {
        if (reader != author)
            Affinities[(reader, author)] = ForwardDecay.Add(Affinities.GetValueOrDefault((reader, author), ForwardDecay.Nothing), weight, now);
    }

    /// <returns>Whether it counts; null where it is refused.</returns>
    public bool? Meet(UserId a, UserId b, Encounter encounter, long now)
    {
        if (Blocks.Contains((b, a)))
            return null;
        if (Blocks.Contains((a, b)))
            return encounter == Encounter.Message ? null : false;
        // Minutes of the clock on the wall, as the record counts them.
        var minute = now / 60_000;
        if (Met.TryGetValue((a, b, encounter), out var last) && minute - last < Encounters.GapMinutes(encounter))
            return false;
        Met[(a, b, encounter)] = minute;
        Interact(a, b, Encounters.WeightOf(encounter), now);
        return true;
    }

    public void Show(UserId reader, IEnumerable<PostId> posts, long now) =>
        Shown.UnionWith(posts.Where(post => !Posts[post].Deleted).Select(post => (reader, post, DayOf(now))));

    /// <summary>What a reader has surely seen: reported today or on one of the seven days before.</summary>
    public HashSet<PostId> SeenBy(UserId reader, long now) =>
        [.. Shown.Where(s => s.Reader == reader && s.Day >= DayOf(now) - ISeenPosts.DaysBefore).Select(s => s.Post)];

    private static long DayOf(long unixMs) => unixMs / 86_400_000;

    public double Affinity(UserId reader, UserId author, long now) =>
        ForwardDecay.Score(Affinities.GetValueOrDefault((reader, author), ForwardDecay.Nothing), now);

    public static PostHeader HeaderOf(Post p) => new(p.Id, p.Author, p.Type, p.Audience, p.List, p.Deleted, p.Version, 0, p.Counts);
}
