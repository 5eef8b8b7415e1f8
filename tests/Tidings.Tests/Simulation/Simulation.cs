using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Simulation;

/// <summary>
/// One seeded life of a small network: people do things at random, fan-out runs now and then, the server stops, crashes and comes back, and
/// after every step what Tidings shows is held against the <see cref="ReferenceModel"/>.
/// <para>While fan-out is behind, a feed may lack what was posted since it last caught up, never show more; once it caught up, feeds are equal.</para>
/// </summary>
internal sealed class Simulation(SimulatedTidings tidings, Random random)
{
    private const int People = 14;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ReferenceModel _model = new();
    private readonly List<UserId> _people = [];
    private readonly HashSet<PostId> _onTheWay = [];

    public async Task RunAsync(int steps)
    {
        for (var i = 0; i < People; i++)
            _people.Add(await tidings.JoinAsync($"person_{i}"));
        foreach (var owner in _people.Take(4))
        {
            var list = (await tidings.Profile.Audiences.AddAsync(owner, "list", None)).Value;
            _model.Lists[list] = (owner, []);
        }
        for (var i = 0; i < People * 4; i++)
            await TieAsync(TieAction.Follow);

        for (var step = 0; step < steps; step++)
        {
            await ActAsync();
            // At once, so that who is told is decided by the same world here and in the model; a crash may come before anything is stored.
            await tidings.DrainNotificationsAsync();
            await CheckAsync(Someone());
        }
        await CatchUpAsync();
        foreach (var reader in _people)
            await CheckAsync(reader);
    }

    private UserId Someone() => _people[random.Next(_people.Count)];

    private ReferenceModel.Post? SomePost() => _model.Posts.Count == 0 ? null : _model.Posts.Values.ElementAt(random.Next(_model.Posts.Count));

    private Task ActAsync() => random.Next(100) switch
    {
        < 30 => PublishAsync(),
        < 48 => TieAsync((TieAction)random.Next(1, 13)),
        < 53 => TieAsync(TieAction.Follow),
        < 57 => EditAsync(),
        < 60 => DeleteAsync(),
        < 75 => MarkAsync(),
        < 81 => CommentAsync(),
        < 84 => ChangeListAsync(),
        < 86 => WalkAsync(),
        < 87 => MeetAsync(),
        < 89 => ShowAsync(),
        < 90 => random.Next(2) == 0 ? RestartAsync(tidings.RestartAsync) : RestartAsync(tidings.CrashAsync),
        < 92 => Wait(),
        < 97 => StepFanOutAsync(),
        _ => CatchUpAsync(),
    };

    private async Task PublishAsync()
    {
        var author = Someone();
        var audience = (Audience)random.Next(3);
        var list = _model.Lists.FirstOrDefault(l => l.Value.Owner == author).Key;
        if (audience == Audience.Custom && list.Value == 0)
            audience = Audience.Public;
        if (audience != Audience.Custom)
            list = default;
        var text = $"text @person_{random.Next(People)} {random.Next()}";
        var claim = new IdempotencyClaim($"key {random.Next()}", BitConverter.GetBytes(random.Next()));
        var post = new NewPost(author, PostType.Text, audience, list, new PostBody(text, []));
        var first = (await tidings.Publish.ExecuteAsync(post, claim, None)).Value;
        var again = (await tidings.Publish.ExecuteAsync(post, claim, None)).Value;
        Assert.Equal(new Published(first.Id, true), again);
        _model.Posts[first.Id] = new ReferenceModel.Post(first.Id, author, PostType.Text) { Audience = audience, List = list, Text = text };
        _onTheWay.Add(first.Id);
        _model.TellMentions(text, _model.Posts[first.Id], author, 0, tidings.Now, _people);
    }

    private async Task EditAsync()
    {
        if (SomePost() is not { } post)
            return;
        var audience = (Audience)random.Next(2);
        var text = $"edited @person_{random.Next(People)} {random.Next()}";
        var edited = await tidings.Edit.ExecuteAsync(post.Id, post.Author, new PostEdit(text, audience, default), null, None);
        Assert.Equal(!post.Deleted, edited.IsOk);
        if (post.Deleted)
            return;
        (post.Text, post.Audience, post.List) = (text, audience, default);
        post.Version++;
        _model.TellMentions(text, post, post.Author, 0, tidings.Now, _people, again: false);
    }

    private async Task DeleteAsync()
    {
        if (SomePost() is not { } post)
            return;
        var stranger = Someone();
        if (stranger != post.Author)
            Assert.False((await tidings.Profile.Posts.DeleteAsync(post.Id, stranger, null, None)).IsOk);
        var deleted = await tidings.Profile.Posts.DeleteAsync(post.Id, post.Author, null, None);
        Assert.Equal(!post.Deleted, deleted.Value);
        post.Deleted = true;
        _model.Untell(told => told.Post == post.Id);
    }

    private async Task TieAsync(TieAction action)
    {
        var (a, b) = (Someone(), Someone());
        if (a == b)
            return;
        await tidings.ChangeTie.ExecuteAsync(a, action, b, None);
        _model.Do(a, action, b, tidings.Now);
    }

    private async Task MarkAsync()
    {
        if (SomePost() is not { } post)
            return;
        var (actor, mark, on) = (Someone(), (Mark)random.Next(1, 4), random.Next(4) > 0);
        var done = await tidings.Mark.ExecuteAsync(actor, post.Id, mark, on, None);
        Assert.Equal(_model.CanSee(actor, post), done.IsOk);
        if (!done.IsOk)
            return;
        var set = mark switch { Mark.Like => post.Likes, Mark.Share => post.Shares, _ => post.Hides };
        Assert.Equal(on ? set.Add(actor) : set.Remove(actor), done.Value);
        var kind = mark == Mark.Like ? NotificationKind.Like : NotificationKind.Share;
        if (!on && mark != Mark.Hide)
            _model.Untell(told => told.Kind == kind && told.Post == post.Id && told.Actor == actor);
        if (on && done.Value && mark != Mark.Hide)
            _model.Tell(post.Author, kind, post.Id, actor, 0, tidings.Now);
        if (on && done.Value && mark != Mark.Hide)
            _model.Interact(actor, post.Author, mark == Mark.Like ? InteractionWeights.Like : InteractionWeights.Share, tidings.Now);
    }

    private async Task CommentAsync()
    {
        if (SomePost() is not { } post)
            return;
        var actor = Someone();
        if (post.Comments.Count > 0 && random.Next(3) == 0)
        {
            var (id, comment) = post.Comments.First();
            var may = _model.CanSee(actor, post) && (actor == comment.Author || actor == post.Author);
            var deleted = await tidings.Comment.DeleteAsync(actor, post.Id, id, None);
            Assert.Equal(may, deleted.IsOk);
            if (!may)
                return;
            post.Comments.Remove(id);
            _model.Untell(told => told.Post == post.Id && told.Source == id.Value);
            return;
        }
        var text = $"comment @person_{random.Next(People)} ";
        var said = await tidings.Comment.ExecuteAsync(actor, post.Id, text, null, None);
        Assert.Equal(_model.CanSee(actor, post), said.IsOk);
        if (!said.IsOk)
            return;
        post.Comments.Add(said.Value.Id, (actor, text));
        _model.Tell(post.Author, NotificationKind.Comment, post.Id, actor, said.Value.Id.Value, tidings.Now);
        _model.TellMentions(text, post, actor, said.Value.Id.Value, tidings.Now, _people);
        _model.Interact(actor, post.Author, InteractionWeights.Comment, tidings.Now);
    }

    private async Task MeetAsync()
    {
        var (a, b, encounter) = (Someone(), Someone(), (Encounter)random.Next(1, 3));
        var met = await tidings.Meet.ExecuteAsync(a, b, encounter, None);
        Assert.Equal(a == b ? null : _model.Meet(a, b, encounter, tidings.Now), met.IsOk ? met.Value : null);
    }

    /// <summary>A reader was shown some posts, of which one may be gone meanwhile.</summary>
    private async Task ShowAsync()
    {
        var reader = Someone();
        var shown = _model.Latest(reader).Where(_ => random.Next(3) > 0).Select(p => p.Id).ToList();
        if (SomePost() is { } any && !shown.Contains(any.Id))
            shown.Add(any.Id);
        if (shown.Count is 0 or > ReportImpressions.ItemsMax)
            return;
        var noted = await tidings.Report.ExecuteAsync(reader, [.. shown.Select(id => new Impression(id, 5))], None);
        _model.Show(reader, shown, tidings.Now);
        Assert.Equal(shown.Any(id => !_model.Posts[id].Deleted), noted.Value);
    }

    private async Task ChangeListAsync()
    {
        var (id, list) = _model.Lists.ElementAt(random.Next(_model.Lists.Count));
        var member = Someone();
        var add = random.Next(2) == 0;
        UserId[] one = [member], nobody = [];
        Assert.True((await tidings.Profile.Audiences.ChangeMembersAsync(list.Owner, id, add ? one : nobody, add ? nobody : one, None)).IsOk);
        if (add) list.Members.Add(member);
        else list.Members.Remove(member);
    }

    private Task Wait()
    {
        tidings.Clock.Advance(random.Next(6) == 0 ? TimeSpan.FromDays(random.Next(1, 20)) : TimeSpan.FromMinutes(random.Next(1, 90)));
        return Task.CompletedTask;
    }

    private async Task RestartAsync(Func<Task> restart)
    {
        await restart();
        _onTheWay.Clear();
    }

    private async Task StepFanOutAsync()
    {
        for (var i = random.Next(1, 6); i > 0; i--)
            await tidings.FanOut.StepAsync(None);
    }

    /// <summary>An audit that begins before fan-out has caught up: it waits, and finds that nothing is missing in anybody's inbox.</summary>
    private async Task CatchUpAsync()
    {
        var audit = new Audit(1, _people, repair: false, tidings.Now);
        var auditing = tidings.Audits.RunAsync(audit, None);
        await tidings.DrainFanOutAsync();
        _onTheWay.Clear();
        await auditing;
        Assert.Equal((0, 0, 1.0), (audit.Figures.Missing, audit.Figures.Extra.Unexplained, audit.Figures.Completeness));
    }

    /// <summary>A ranked walk while the world goes on: nothing twice, nothing invisible, nothing skipped that was to be seen throughout.</summary>
    private async Task WalkAsync()
    {
        var reader = Someone();
        var promised = _model.Latest(reader).Select(p => p.Id).Except(_onTheWay).ToHashSet();
        var shown = new List<PostId>();
        string? cursor = null;
        do
        {
            var read = await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, random.Next(1, 8), cursor), None);
            Assert.True(read.IsOk, read.Rejection?.Detail);
            using var page = read.Value;
            foreach (var item in page.Items.ToArray())
            {
                Assert.True(_model.IsInFeed(reader, _model.Posts[item.Header.Id]), $"{reader} was shown {item.Header.Id}");
                shown.Add(item.Header.Id);
            }
            cursor = page.NextCursor;
            await (random.Next(5) switch
            {
                0 => PublishAsync(), 1 => TieAsync((TieAction)random.Next(1, 13)), 2 => MarkAsync(), 3 => DeleteAsync(), _ => StepFanOutAsync(),
            });
            promised.RemoveWhere(id => !_model.IsInFeed(reader, _model.Posts[id]));
        }
        while (cursor is not null);

        Assert.Equal(shown.Distinct(), shown);
        Assert.Empty(promised.Except(shown));
    }

    private async Task CheckAsync(UserId reader)
    {
        var expected = _model.Latest(reader);
        var latest = await ReadAllAsync(reader, FeedOrder.Latest, 7);
        Assert.Equal(latest.OrderDescending(), latest);
        Assert.Empty(latest.Except(expected.Select(p => p.Id)));
        Assert.Empty(expected.Select(p => p.Id).Except(latest).Except(_onTheWay));
        var seen = await SeenAsync(reader);
        if (_onTheWay.Count == 0)
            Assert.Equal(_model.Ranked(reader, tidings.Plans.Profile, seen.Contains, tidings.Now, 5), await ReadAllAsync(reader, FeedOrder.Ranked, 5));

        await CheckNotificationsAsync(reader);
        await CheckTieAsync(reader, Someone());
        if (SomePost() is { } post)
            await CheckPostAsync(reader, post);
    }

    /// <summary>What the filter takes for seen: all that was, and next to nothing else.</summary>
    private async Task<HashSet<PostId>> SeenAsync(UserId reader)
    {
        var all = _model.Posts.Keys.ToArray();
        var into = new bool[all.Length];
        // The first time of a day the reports themselves are asked, the second time the filter that was made of them.
        for (var time = 0; time < 2; time++)
            await tidings.Profile.SeenPosts.SeenAsync(reader, all, into, None);
        var seen = all.Where((_, i) => into[i]).ToHashSet();
        var surely = _model.SeenBy(reader, tidings.Now);
        Assert.Superset(surely, seen);
        Assert.True(seen.Count <= surely.Count + 3, $"{seen.Count - surely.Count} posts are taken for seen that were not.");
        return seen;
    }

    private async Task<List<PostId>> ReadAllAsync(UserId reader, FeedOrder order, int limit)
    {
        var all = new List<PostId>();
        string? cursor = null;
        do
        {
            using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(order, limit, cursor), None)).Value;
            foreach (var item in page.Items.ToArray())
            {
                var post = _model.Posts[item.Header.Id];
                Assert.Equal((post.Counts, post.Version), (item.Header.Counts, item.Header.Version));
                Assert.Equal((post.Likes.Contains(reader), post.Shares.Contains(reader)), (item.Liked, item.Shared));
                all.Add(item.Header.Id);
            }
            cursor = page.NextCursor;
            Assert.True(cursor is null || page.Items.Length == limit, "A page is short while there is more.");
        }
        while (cursor is not null);
        return all;
    }

    private async Task CheckNotificationsAsync(UserId owner)
    {
        var list = await tidings.Profile.Notifications.ListAsync(owner, None);
        var told = list.Groups.SelectMany(g => g.Acts.Select(a => (owner, g.Kind, g.Post, a.Actor, a.Source))).ToHashSet();
        Assert.Empty(told.Except(_model.Told.Keys));
        var alive = tidings.Now - (long)NotificationList.Lifetime.TotalMilliseconds;
        Assert.Empty(_model.Told.Where(t => t.Key.Owner == owner && t.Value >= alive).Select(t => t.Key).Except(told));

        var (page, next) = await tidings.ReadNotifications.PageAsync(owner, 0, 100, None);
        Assert.Equal(0, next);
        foreach (var one in page)
        {
            Assert.True(one.Post == PostId.None || _model.CanSee(owner, _model.Posts[one.Post]));
            Assert.All(one.People, person => Assert.Contains(_model.Told.Keys, t => t.Owner == owner && t.Kind == one.Kind && t.Actor == person));
        }
        Assert.True(page.Count(one => one.Unread) <= await tidings.ReadNotifications.UnreadAsync(owner, None));
        if (page.Count > 0 && random.Next(4) == 0)
        {
            var read = page[random.Next(page.Count)];
            var left = list.Groups.Count(g => list.IsUnread(g) && g.Id > read.Id && !NotificationList.IsExpired(g, tidings.Now));
            Assert.Equal(left, (await tidings.ReadNotifications.ReadAsync(owner, read.Id, None)).Value);
        }
    }

    private async Task CheckTieAsync(UserId a, UserId b)
    {
        if (a == b)
            return;
        var tie = await tidings.Profile.Graph.TieAsync(a, b, None);
        Assert.Equal(_model.Follows.Contains((a, b)), tie.HasFlag(Tie.Follows));
        Assert.Equal(_model.Follows.Contains((b, a)), tie.HasFlag(Tie.FollowedBy));
        Assert.Equal(_model.AreFriends(a, b), tie.HasFlag(Tie.Friend));
        Assert.Equal(_model.Requests.Contains((a, b)), tie.HasFlag(Tie.RequestSent));
        Assert.Equal(_model.Requests.Contains((b, a)), tie.HasFlag(Tie.RequestReceived));
        Assert.Equal(_model.Blocks.Contains((a, b)), tie.HasFlag(Tie.Blocks));
        Assert.Equal(_model.Blocks.Contains((b, a)), tie.HasFlag(Tie.BlockedBy));
        Assert.Equal(_model.Mutes.Contains((a, b)), tie.HasFlag(Tie.Mutes));
        Assert.Equal(_model.Close.Contains((a, b)), tie.HasFlag(Tie.CloseFriend));
        var counts = await tidings.Profile.Graph.CountsAsync(a, None);
        Assert.Equal(
            new GraphCounts(_model.Follows.Count(f => f.From == a), _model.Follows.Count(f => f.To == a), _model.Friends.Count(f => f.Item1 == a)),
            counts);
    }

    private async Task CheckPostAsync(UserId viewer, ReferenceModel.Post post)
    {
        var seen = await tidings.See.OneAsync(viewer, post.Id, None);
        Assert.Equal(_model.CanSee(viewer, post), seen.IsOk);
        if (!seen.IsOk)
            return;
        Assert.Equal((post.Counts, post.Version, post.Audience), (seen.Value.Counts, seen.Value.Version, seen.Value.Audience));
        var body = new PostBody?[1];
        await tidings.Profile.Posts.BodiesAsync(new[] { post.Id }, body, None);
        Assert.Equal(post.Text, body[0]!.Text);
        var (comments, _) = (await tidings.ReadEngagement.CommentsAsync(viewer, post.Id, default, 100, None)).Value;
        Assert.Equal(
            post.Comments.Where(c => !_model.Blocks.Contains((viewer, c.Value.Author)) && !_model.Blocks.Contains((c.Value.Author, viewer)))
                .Select(c => c.Key).Order(),
            comments.Select(c => c.Id));
    }
}
