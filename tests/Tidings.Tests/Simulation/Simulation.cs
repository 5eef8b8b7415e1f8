using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
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
            await CheckAsync(Someone());
        }
        await tidings.DrainFanOutAsync();
        _onTheWay.Clear();
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
        < 87 => WalkAsync(),
        < 88 => MeetAsync(),
        < 89 => random.Next(2) == 0 ? RestartAsync(tidings.RestartAsync) : RestartAsync(tidings.CrashAsync),
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
        var text = $"text {random.Next()}";
        var claim = new IdempotencyClaim($"key {random.Next()}", BitConverter.GetBytes(random.Next()));
        var post = new NewPost(author, PostType.Text, audience, list, new PostBody(text, []));
        var first = (await tidings.Publish.ExecuteAsync(post, claim, None)).Value;
        var again = (await tidings.Publish.ExecuteAsync(post, claim, None)).Value;
        Assert.Equal(new Published(first.Id, true), again);
        _model.Posts[first.Id] = new ReferenceModel.Post(first.Id, author, PostType.Text) { Audience = audience, List = list, Text = text };
        _onTheWay.Add(first.Id);
    }

    private async Task EditAsync()
    {
        if (SomePost() is not { } post)
            return;
        var audience = (Audience)random.Next(2);
        var text = $"edited {random.Next()}";
        var edited = await tidings.Edit.ExecuteAsync(post.Id, post.Author, new PostEdit(text, audience, default), null, None);
        Assert.Equal(!post.Deleted, edited.IsOk);
        if (post.Deleted)
            return;
        (post.Text, post.Audience, post.List) = (text, audience, default);
        post.Version++;
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
    }

    private async Task TieAsync(TieAction action)
    {
        var (a, b) = (Someone(), Someone());
        if (a == b)
            return;
        await tidings.ChangeTie.ExecuteAsync(a, action, b, None);
        _model.Do(a, action, b);
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
            if (may)
                post.Comments.Remove(id);
            return;
        }
        var said = await tidings.Comment.ExecuteAsync(actor, post.Id, "comment", null, None);
        Assert.Equal(_model.CanSee(actor, post), said.IsOk);
        if (!said.IsOk)
            return;
        post.Comments.Add(said.Value.Id, (actor, "comment"));
        _model.Interact(actor, post.Author, InteractionWeights.Comment, tidings.Now);
    }

    private async Task MeetAsync()
    {
        var (a, b, encounter) = (Someone(), Someone(), (Encounter)random.Next(1, 3));
        var met = await tidings.Meet.ExecuteAsync(a, b, encounter, None);
        Assert.Equal(a == b ? null : _model.Meet(a, b, encounter, tidings.Now), met.IsOk ? met.Value : null);
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

    private async Task CatchUpAsync()
    {
        await tidings.DrainFanOutAsync();
        _onTheWay.Clear();
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
        if (_onTheWay.Count == 0)
            Assert.Equal(_model.Ranked(reader, tidings.Plans.Profile, tidings.Now, 5), await ReadAllAsync(reader, FeedOrder.Ranked, 5));

        await CheckTieAsync(reader, Someone());
        if (SomePost() is { } post)
            await CheckPostAsync(reader, post);
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
