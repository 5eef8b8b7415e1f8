using System.Collections.Concurrent;
using Npgsql;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres;
using Tidings.Postgres.Sharding;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>Shards move between servers while two programs work with them, one of which moves them and the other isn't told.</summary>
public sealed class MoveTests(PostgresServers servers) : IAsyncLifetime
{
    private readonly List<PostgresProfile> _open = [];
    private string[] _strings = [];
    private UserId[] _people = [];
    private Func<ValueTask> _remove = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_strings, _remove) = await servers.MakeAsync();
        for (var i = 0; i < 2; i++)
            _open.Add(await PostgresProfile.OpenAsync(PostgresPorts.Options(_strings), TimeProvider.System, Ct));
        _people = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
            (await _open[0].People.AddAsync(new NewPerson($"person_{i}", "Name", "", [1]), Ct)).Value));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var profile in _open)
            await profile.DisposeAsync();
        await _remove();
    }

    [Fact]
    public async Task Every_table_with_a_shard_goes_along()
    {
        var tables = await AskAsync(_strings[0], "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'shard'");
        string[] others = ["shards", "outbox", "events", "shard_map", "taken"];
        Assert.Equal(tables.Except(others).Order(), ShardMove.Tables.Order());
    }

    [Fact]
    public async Task Nothing_fails_and_nothing_is_lost_while_shards_move_to_and_fro()
    {
        using var moving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var posts = new ConcurrentDictionary<PostId, UserId>();
        var writers = Enumerable.Range(0, 6).Select(i => Task.Run(() => WriteAsync(_open[i % 2], i, posts, moving.Token), Ct)).ToArray();
        for (var move = 0; move < 12; move++)
            await _open[0].MoveShardAsync(Shard.Of(_people[move % 4]), (Shard.Of(_people[move % 4]) + 1 + move / 4) % 2, Ct);
        await moving.CancelAsync();
        await Task.WhenAll(writers);

        Assert.InRange(posts.Count, 1, 10_000);
        var found = new PostId[posts.Count + 1];
        Assert.Equal(posts.Count, await _open[1].Posts.NewestAsync(_people, PostId.Last, found, Ct));
        foreach (var (post, author) in posts)
        {
            var header = new PostHeader[1];
            await _open[1].Posts.HeadersAsync(new[] { post }, header, Ct);
            Assert.Equal((author, new Counts(1, 0, 0)), (header[0].Author, header[0].Counts));
        }
        await _open[1].SettleAsync(Ct);
        var events = new Event[_open[1].Events.End];
        for (var read = 0; read < events.Length;)
            read += await _open[1].Events.ReadAsync(read, events.AsMemory(read), Ct);
        Assert.Equal(posts.Keys.Order(), events.Where(happened => happened.Kind == EventKind.PostPublished).Select(happened => happened.Post).Order());
    }

    [Fact]
    public async Task What_moved_is_whole_and_what_it_left_behind_goes()
    {
        var (ada, bob) = (_people[0], _people[1]);
        var post = (await _open[0].Posts.PublishAsync(TextOf(ada), new IdempotencyClaim("key", new byte[32]), Ct)).Value.Id;
        await _open[0].Engagement.CommentAsync(bob, post, "a comment", null, Ct);
        await _open[0].Graph.ChangeAsync(ada, TieAction.Follow, bob, Ct);
        var (shard, source) = (Shard.Of(ada), Shard.Of(ada) % 2);

        await _open[0].MoveShardAsync(shard, 1 - source, Ct);
        await _open[0].MoveShardAsync(shard, 1 - source, Ct);
        Assert.NotEqual("0", await CountAsync(source, shard));
        var swept = _open[0].SweepAsync(TimeProvider.System.GetUtcNow().AddMinutes(2).ToUnixTimeMilliseconds(), Ct);
        Assert.NotEqual(0, await swept);
        Assert.Equal("0", await CountAsync(source, shard));

        Assert.True((await _open[1].Posts.PublishAsync(TextOf(ada), new IdempotencyClaim("key", new byte[32]), Ct)).Value.Replayed);
        Assert.Single(await _open[1].Engagement.CommentsAsync(post, default, 10, Ct));
        Assert.Equal(Tie.Follows, await _open[1].Graph.TieAsync(ada, bob, Ct));
        Assert.Equal([1], await _open[1].People.PasswordHashAsync(ada, Ct));
        Assert.True((await _open[1].Posts.PublishAsync(TextOf(ada), null, Ct)).Value.Id.CompareTo(post) > 0);
    }

    [Fact]
    public async Task A_move_that_was_cut_off_can_be_read_from_and_is_finished_by_asking_again()
    {
        var ada = _people[0];
        var (shard, source) = (Shard.Of(ada), Shard.Of(ada) % 2);
        await AskAsync(_strings[1 - source], "ALTER TABLE people ADD CONSTRAINT nobody CHECK (shard <> " + shard + ")");
        await Assert.ThrowsAsync<PostgresException>(() => _open[0].MoveShardAsync(shard, 1 - source, Ct));
        Assert.True(await _open[1].People.ExistsAsync(ada, Ct));

        await AskAsync(_strings[1 - source], "ALTER TABLE people DROP CONSTRAINT nobody");
        var waiting = _open[1].Posts.PublishAsync(TextOf(ada), null, Ct);
        await _open[0].MoveShardAsync(shard, 1 - source, Ct);
        Assert.True((await waiting).IsOk);
        Assert.True(await _open[1].People.ExistsAsync(ada, Ct));
    }

    private async Task WriteAsync(PostgresProfile profile, int writer, ConcurrentDictionary<PostId, UserId> posts, CancellationToken ct)
    {
        for (var i = writer; !ct.IsCancellationRequested; i++)
        {
            var (author, other) = (_people[i % 4], _people[(i + 1) % 4]);
            var post = (await profile.Posts.PublishAsync(TextOf(author), null, Ct)).Value.Id;
            posts[post] = author;
            Assert.True((await profile.Engagement.MarkAsync(other, post, Mark.Like, true, Ct)).Value);
            Assert.True((await profile.Graph.ChangeAsync(author, TieAction.Follow, other, Ct)).IsOk);
            var header = new PostHeader[1];
            await profile.Posts.HeadersAsync(new[] { post }, header, Ct);
            Assert.Equal(1, header[0].Counts.Likes);
        }
    }

    private async Task<string> CountAsync(int server, short shard) => Assert.Single(
        await AskAsync(_strings[server], $"SELECT sum(n)::text FROM (SELECT count(*) AS n FROM people WHERE shard = {shard} UNION ALL SELECT count(*) FROM posts WHERE shard = {shard}) AS c"));

    private static NewPost TextOf(UserId author) => new(author, PostType.Text, Audience.Public, default, new PostBody("x", []));

    private static async Task<List<string>> AskAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(Ct);
        return await new Answers(rows).AllAsync(row => row.GetString(0), Ct);
    }
}
