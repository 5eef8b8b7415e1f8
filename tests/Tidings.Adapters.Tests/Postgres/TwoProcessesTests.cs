using Tidings.Adapters.Tests.Contracts;
using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>
/// Two programs have one record open. What races within one of them is put in a row before it reaches the servers; here nothing but the servers decides.
/// </summary>
public sealed class TwoProcessesTests(PostgresServers servers) : IAsyncLifetime
{
    private readonly List<PostgresProfile> _open = [];
    private string[] _strings = [];
    private Func<ValueTask> _remove = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_strings, _remove) = await servers.MakeAsync();
        _open.AddRange(await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => PostgresProfile.OpenAsync(PostgresPorts.Options(_strings), TimeProvider.System, Ct))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var profile in _open)
            await profile.DisposeAsync();
        await _remove();
    }

    [Fact]
    public void Both_have_the_same_key_of_cursors() => Assert.Equal(_open[0].CursorKey, _open[1].CursorKey);

    [Fact]
    public async Task A_handle_is_one_persons()
    {
        var results = await RaceAsync(24, async (profile, i) => await profile.People.AddAsync(new NewPerson("ada", $"{i}", "", []), Ct));
        var won = Assert.Single(results, result => result.IsOk).Value;
        Assert.All(_open, profile => Assert.Equal(won, profile.People.FindAsync("ada", Ct).AsTask().Result));
    }

    [Fact]
    public async Task An_identity_is_one_persons()
    {
        var identity = OutsideIdentity.Hash("https://issuer.example", "subject");
        var results = await RaceAsync(16, async (profile, i) => await profile.People.JoinAsync(new NewPerson($"name_{i % 3}", "Name", "", []), identity, Ct));
        Assert.Single(results.Select(result => result.Value).Distinct());
    }

    [Fact]
    public async Task A_key_makes_one_post_and_one_comment()
    {
        var ada = await JoinAsync("ada");
        var posts = await RaceAsync(200, async (profile, i) => (await profile.Posts.PublishAsync(TextOf(ada), Claim($"post {i % 20}"), Ct)).Value);
        Assert.Equal(20, posts.Count(post => !post.Replayed));
        Assert.Equal(20, posts.Select(post => post.Id).Distinct().Count());

        var (bob, post) = (await JoinAsync("bob"), posts[0].Id);
        var comments = await RaceAsync(100, async (profile, i) =>
            (await profile.Engagement.CommentAsync(bob, post, "x", Claim($"comment {i % 10}"), Ct)).Value);
        Assert.Equal(10, comments.Count(comment => !comment.Replayed));
        Assert.Equal(10, comments.Select(comment => comment.Id).Distinct().Count());
        Assert.Equal(10, (await HeaderAsync(post)).Counts.Comments);
        Assert.Equal(10, (await _open[0].Engagement.CommentsAsync(post, default, 100, Ct)).Count);
    }

    [Fact]
    public async Task Likes_and_take_backs_leave_a_count_equal_to_the_list()
    {
        var ada = await JoinAsync("ada");
        var likers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => JoinAsync($"liker_{i}")));
        var post = (await _open[0].Posts.PublishAsync(TextOf(ada), null, Ct)).Value.Id;
        await RaceAsync(200, async (profile, i) => await profile.Engagement.MarkAsync(likers[i % 10], post, Mark.Like, i / 10 % 3 != 0, Ct));
        var left = await _open[1].Engagement.MarkersAsync(post, Mark.Like, default, new UserId[20], Ct);
        Assert.Equal(left, (await HeaderAsync(post)).Counts.Likes);
    }

    [Fact]
    public async Task Limits_hold_and_both_sides_of_every_tie_agree()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => JoinAsync($"person_{i}")));
        await RaceAsync(58, async (profile, i) => await profile.Graph.ChangeAsync(people[0], TieAction.Follow, people[1 + i % 29], Ct));
        Assert.Equal(SmallLimits.Following, (await _open[0].Graph.CountsAsync(people[0], Ct)).Following);

        var random = new Random(7);
        var actions = Enumerable.Range(0, 120).Select(_ => (A: random.Next(5), B: 5 + random.Next(5), Action: (TieAction)random.Next(1, 13), Turn: random.Next(2))).ToArray();
        await RaceAsync(actions.Length, async (profile, i) =>
        {
            var (a, b) = actions[i].Turn == 0 ? (actions[i].A, actions[i].B) : (actions[i].B, actions[i].A);
            return await profile.Graph.ChangeAsync(people[a], actions[i].Action, people[b], Ct);
        });
        foreach (var one in people[..10])
        {
            foreach (var other in people[..10])
            {
                var (tie, others) = (await _open[0].Graph.TieAsync(one, other, Ct), await _open[1].Graph.TieAsync(other, one, Ct));
                Assert.Equal(TieRules.Mirror(tie, others), others);
            }
        }
    }

    [Fact]
    public async Task Each_event_is_in_the_log_once_and_affinity_counts_it_once()
    {
        var (ada, bob) = (await JoinAsync("ada"), await JoinAsync("bob"));
        var post = (await _open[0].Posts.PublishAsync(TextOf(ada), null, Ct)).Value.Id;
        var made = await RaceAsync(12, async (profile, i) => (await profile.Engagement.CommentAsync(bob, post, $"{i}", null, Ct)).Value.Id.Value);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => _open[i % 2].SettleAsync(Ct)));
        await Task.WhenAll(_open.Select(profile => profile.SettleAsync(Ct)));

        var events = new Event[100];
        var count = await _open[1].Events.ReadAsync(0, events, Ct);
        Assert.Equal(Enumerable.Range(1, 15), events[..count].Select(happened => (int)happened.Position));
        Assert.Equal(made.Order(), events[..count].Where(happened => happened.Kind == EventKind.Commented).Select(happened => happened.Detail));
        var score = new float[1];
        await _open[0].Affinity.ScoresAsync(bob, new[] { ada }, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), score, Ct);
        Assert.Equal(12 * InteractionWeights.Comment, score[0], 1);
    }

    private async Task<UserId> JoinAsync(string handle) => (await _open[0].People.AddAsync(new NewPerson(handle, "Name", "", []), Ct)).Value;

    private async Task<PostHeader> HeaderAsync(PostId post)
    {
        var into = new PostHeader[1];
        await _open[1].Posts.HeadersAsync(new[] { post }, into, Ct);
        return into[0];
    }

    private Task<T[]> RaceAsync<T>(int count, Func<PostgresProfile, int, Task<T>> one) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => one(_open[i / 2 % 2], i), Ct)));

    private static NewPost TextOf(UserId author) => new(author, PostType.Text, Audience.Public, default, new PostBody("x", []));

    private static IdempotencyClaim Claim(string key) => new(key, new byte[32]);
}
