using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>
/// Servers are killed while people publish, like, comment and follow, and started again. What was answered is there; what was sent again under its key is
/// there once; counters are what their lists say; both sides of every tie agree; every post is in the log once.
/// </summary>
public sealed class KillTests : IAsyncLifetime
{
    private const int Writers = 8, AnswersBetweenKills = 150, KillsDefault = 3;

    private readonly List<PostgresServer> _servers = [];
    private readonly ConcurrentDictionary<string, PostId> _posts = new();
    private readonly ConcurrentBag<(UserId Liker, PostId Post)> _likes = [];
    private readonly ConcurrentDictionary<string, (PostId Post, CommentId Comment)> _comments = new();
    private readonly ConcurrentBag<(UserId Follower, UserId Followee)> _follows = [];
    private string? _template;
    private PostgresProfile _profile = null!;
    private UserId[] _people = [];
    private TaskCompletionSource _up = Set();
    private readonly SemaphoreSlim _answered = new(0);
    private int _counted, _answers, _refused;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("TIDINGS_POSTGRES_KILLS") ?? $"{KillsDefault}", CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        PostgresServer.Require();
        _template = await PostgresServer.MakeTemplateAsync();
        for (var i = 0; i < 2; i++)
            _servers.Add(await PostgresServer.StartAsync(_template));
        _profile = await PostgresProfile.OpenAsync(
            PostgresPorts.Options([.. _servers.Select(server => server.ConnectionString("postgres"))]), TimeProvider.System, Ct);
        _people = await Task.WhenAll(Enumerable.Range(0, 12).Select(async i => (await _profile.People.AddAsync(new NewPerson($"person_{i}", "Name", "", []), Ct)).Value));
    }

    public async ValueTask DisposeAsync()
    {
        if (_profile is not null)
            await _profile.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        if (_template is not null)
            Directory.Delete(_template, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_when_servers_are_killed_and_nothing_is_there_twice()
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var relay = _profile.RunAsync(running.Token);
        var writers = Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteAsync(i, running.Token), Ct)).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            await AnswersAsync((kill + 1) * AnswersBetweenKills);
            _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var server = _servers[kill % _servers.Count];
            await server.KillAsync();
            await server.StartAsync();
            _up.SetResult();
        }
        await AnswersAsync((Kills + 1) * AnswersBetweenKills);
        await running.CancelAsync();
        await Task.WhenAll(writers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => relay);

        await _profile.SweepAsync(TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds(), Ct);
        await PostsAsync();
        await MarksAsync();
        await TiesAsync();
        await LogAsync();
        Assert.NotEqual(0, _refused);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{Kills} kills, {_answers} answered, {_refused} broken off and sent again; {_posts.Count} posts, {_likes.Count} likes, {_comments.Count} comments, {_follows.Count} follows: 0 lost");
    }

    private async Task WriteAsync(int writer, CancellationToken ct)
    {
        for (var i = 0; !ct.IsCancellationRequested; i++)
        {
            var (actor, other) = (_people[(writer + i) % _people.Length], _people[(writer + i * 7 + 1 + i % 5) % _people.Length]);
            var key = $"{writer}/{i}";
            var post = await UntilAnsweredAsync(async () => (await _profile.Posts.PublishAsync(
                new NewPost(actor, PostType.Text, Audience.Public, default, new PostBody(key, [])), new IdempotencyClaim(key, new byte[32]), Ct)).Value.Id);
            _posts[key] = post;
            await UntilAnsweredAsync(async () => (await _profile.Engagement.MarkAsync(other, post, Mark.Like, true, Ct)).IsOk);
            _likes.Add((other, post));
            _comments[key] = (post, await UntilAnsweredAsync(async () => (await _profile.Engagement.CommentAsync(
                other, post, key, new IdempotencyClaim($"c{key}", new byte[32]), Ct)).Value.Id));
            if (actor == other)
                continue;
            if ((await UntilAnsweredAsync(async () => await _profile.Graph.ChangeAsync(actor, TieAction.Follow, other, Ct))).IsOk)
                _follows.Add((actor, other));
        }
    }

    /// <summary>Sends it again, once the servers are up, until it is answered.</summary>
    private async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> send)
    {
        while (true)
        {
            try
            {
                var answer = await send();
                Interlocked.Increment(ref _answers);
                _answered.Release();
                return answer;
            }
            catch (NpgsqlException)
            {
                Interlocked.Increment(ref _refused);
                await Volatile.Read(ref _up).Task.WaitAsync(Ct);
            }
        }
    }

    private async Task AnswersAsync(int count)
    {
        for (; _counted < count; _counted++)
            await _answered.WaitAsync(Ct);
    }

    private async Task PostsAsync()
    {
        var ids = _posts.Values.ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var bodies = new PostBody?[ids.Length];
        await _profile.Posts.BodiesAsync(ids, bodies, Ct);
        var texts = ids.Zip(bodies).ToDictionary(pair => pair.First, pair => pair.Second?.Text);
        Assert.All(_posts, post => Assert.Equal(post.Key, texts[post.Value]));
        var all = new PostId[ids.Length * 2];
        Assert.Equal(ids.Length, await _profile.Posts.NewestAsync(_people, PostId.Last, all, Ct));
    }

    private async Task MarksAsync()
    {
        foreach (var (liker, post) in _likes)
        {
            var marked = new bool[1];
            await _profile.Engagement.MarkedAsync(liker, Mark.Like, new[] { post }, marked, Ct);
            Assert.True(marked[0]);
        }
        foreach (var post in _posts.Values)
        {
            var header = new PostHeader[1];
            await _profile.Posts.HeadersAsync(new[] { post }, header, Ct);
            var comments = await _profile.Engagement.CommentsAsync(post, default, 10, Ct);
            Assert.Equal(new Counts(await _profile.Engagement.MarkersAsync(post, Mark.Like, default, new UserId[20], Ct), comments.Count, 0), header[0].Counts);
            Assert.InRange(comments.Count, 0, 1);
        }
        foreach (var (post, comment) in _comments.Values)
            Assert.Equal(comment, Assert.Single(await _profile.Engagement.CommentsAsync(post, default, 10, Ct)).Id);
    }

    private async Task TiesAsync()
    {
        foreach (var one in _people)
        {
            foreach (var other in _people)
            {
                var (tie, others) = (await _profile.Graph.TieAsync(one, other, Ct), await _profile.Graph.TieAsync(other, one, Ct));
                Assert.Equal(TieRules.Mirror(tie, others), others);
                if (_follows.Contains((one, other)))
                    Assert.True(tie.HasFlag(Tie.Follows));
            }
            var following = await _profile.Graph.ListAsync(one, TieList.Following, default, new UserId[20], Ct);
            Assert.Equal(following, (await _profile.Graph.CountsAsync(one, Ct)).Following);
        }
    }

    private async Task LogAsync()
    {
        await _profile.SettleAsync(Ct);
        var events = new Event[_profile.Events.End];
        for (var read = 0; read < events.Length;)
            read += await _profile.Events.ReadAsync(read, events.AsMemory(read), Ct);
        Assert.Equal(_posts.Values.Order(), events.Where(happened => happened.Kind == EventKind.PostPublished).Select(happened => happened.Post).Order());
        Assert.Equal(_comments.Count, events.Count(happened => happened.Kind == EventKind.Commented));
        Assert.Equal(_people.Length, events.Count(happened => happened.Kind == EventKind.PersonJoined));
    }

    private static TaskCompletionSource Set()
    {
        var set = new TaskCompletionSource();
        set.SetResult();
        return set;
    }
}
