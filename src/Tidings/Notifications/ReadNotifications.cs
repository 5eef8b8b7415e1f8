using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Notifications;

/// <param name="Id">Also says how new it is: a group that grows gets another.</param>
/// <param name="Post"><see cref="PostId.None"/> where none is concerned.</param>
/// <param name="People">The newest first, at most <see cref="ReadNotifications.PeopleMax"/>.</param>
/// <param name="Others">How many there are besides; may be more than there are now where some of very many took their act back.</param>
/// <param name="Excerpt">How the post's text begins; empty where none is concerned, or it has none.</param>
public sealed record Notification(
    long Id, NotificationKind Kind, PostId Post, IReadOnlyList<UserId> People, int Others, long UnixMs, bool Unread, string Excerpt);

/// <summary>
/// A person reads what they are told. Who may know of what is asked at this moment: a post that the reader may not see, and people whom the reader
/// mutes or between whom and the reader a block stands, don't show.
/// </summary>
public sealed class ReadNotifications(
    INotificationStore store, SeePosts see, IPostStore posts, IGraphStore graph, LiveReaders live, TimeProvider clock)
{
    public const int PeopleMax = 3, ExcerptCharsMax = 100;

    private long NowUnixMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="before">Only what is older than this id; 0 for the newest.</param>
    /// <returns>Newest first, and the id before which the next page begins: 0 at the end.</returns>
    public async ValueTask<(IReadOnlyList<Notification> Page, long Next)> PageAsync(UserId owner, long before, int max, CancellationToken ct)
    {
        var (list, now) = (await store.ListAsync(owner, ct), NowUnixMs);
        var waiting = list.Groups.Where(g => (before == 0 || g.Id < before) && !NotificationList.IsExpired(g, now)).ToList();
        var page = new List<Notification>(max);
        for (var from = 0; from < waiting.Count; from += max)
        {
            foreach (var shown in await ShowAsync(owner, list, waiting.GetRange(from, Math.Min(max, waiting.Count - from)), ct))
            {
                if (page.Count == max)
                    return (page, page[^1].Id);
                page.Add(shown);
            }
        }
        return (page, 0);
    }

    /// <summary>How many groups weren't read, without asking who may know of what.</summary>
    public async ValueTask<int> UnreadAsync(UserId owner, CancellationToken ct) => (await store.ListAsync(owner, ct)).Unread(NowUnixMs);

    /// <summary>All up to this id is read.</summary>
    /// <returns>What is left unread.</returns>
    public async ValueTask<Result<int>> ReadAsync(UserId owner, long upTo, CancellationToken ct)
    {
        if (upTo <= 0)
            return Rejection.Invalid("up_to", "The id of a notification.");
        var unread = await store.ReadAsync(owner, upTo, ct);
        live.Send(owner, LiveEvent.Notification(unread));
        return unread;
    }

    private async ValueTask<List<Notification>> ShowAsync(
        UserId owner, NotificationList list, List<NotificationGroup> groups, CancellationToken ct)
    {
        var people = groups.SelectMany(g => g.Acts).Select(a => a.Actor).Distinct().Order().ToArray();
        var ties = new Tie[people.Length];
        await graph.TiesAsync(owner, people, ties, ct);
        var welcome = people.Where((_, i) => WhoIsTold.IsWelcome(ties[i])).ToHashSet();

        var ids = groups.Select(g => g.Post).Where(p => p != PostId.None).Distinct().ToArray();
        var headers = new Dictionary<PostId, PostHeader>();
        foreach (var id in ids)
        {
            if (await see.OneAsync(owner, id, ct) is { IsOk: true } seen)
                headers[id] = seen.Value;
        }

        var excerpts = await ExcerptsAsync(headers, ct);
        var shown = new List<Notification>(groups.Count);
        foreach (var group in groups)
        {
            if (group.Post != PostId.None && !headers.ContainsKey(group.Post))
                continue;
            var known = group.Acts.Select(a => a.Actor).Distinct().Where(welcome.Contains).ToList();
            var all = Math.Min(known.Count + group.Forgotten, MostOf(group.Kind, headers.GetValueOrDefault(group.Post)));
            if (all > 0)
            {
                var named = known.Take(PeopleMax).ToList();
                shown.Add(new Notification(
                    group.Id, group.Kind, group.Post, named, Math.Max(0, all - named.Count), group.UnixMs, list.IsUnread(group),
                    excerpts.GetValueOrDefault(group.Post, "")));
            }
        }
        return shown;
    }

    /// <summary>An edit since the header was read may have come with a narrower audience: its text is not told.</summary>
    private async ValueTask<Dictionary<PostId, string>> ExcerptsAsync(Dictionary<PostId, PostHeader> headers, CancellationToken ct)
    {
        var ids = headers.Keys.ToArray();
        var bodies = new PostBody?[ids.Length];
        await posts.BodiesAsync(ids, bodies, ct);
        var excerpts = new Dictionary<PostId, string>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            if (bodies[i] is { } body && body.Version == headers[ids[i]].Version)
                excerpts[ids[i]] = Beginning(body.Text);
        }
        return excerpts;
    }

    /// <summary>Never between the two halves of one character.</summary>
    private static string Beginning(string text) =>
        text.Length <= ExcerptCharsMax ? text
        : char.IsHighSurrogate(text[ExcerptCharsMax - 1]) ? text[..(ExcerptCharsMax - 1)] : text[..ExcerptCharsMax];

    /// <summary>No more people than the post's counter counts.</summary>
    private static int MostOf(NotificationKind kind, in PostHeader post) => kind switch
    {
        NotificationKind.Like => post.Counts.Likes,
        NotificationKind.Share => post.Counts.Shares,
        NotificationKind.Comment => post.Counts.Comments,
        _ => int.MaxValue,
    };
}
