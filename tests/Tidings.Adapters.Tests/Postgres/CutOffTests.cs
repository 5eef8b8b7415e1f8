using Npgsql;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres;
using Tidings.Postgres.Sharding;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>What touches two shards is cut off between the two: the database itself refuses the second write.</summary>
public sealed class CutOffTests(PostgresServers servers) : IAsyncLifetime
{
    private const string RefuseSql =
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$";

    private string[] _strings = [];
    private PostgresProfile _profile = null!;
    private Func<ValueTask> _remove = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_strings, _remove) = await servers.MakeAsync();
        _profile = await PostgresProfile.OpenAsync(PostgresPorts.Options(_strings), TimeProvider.System, Ct);
        foreach (var server in _strings)
            await RunAsync(server, RefuseSql);
    }

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        await _remove();
    }

    [Fact]
    public async Task A_tie_of_which_one_side_was_stored_is_finished_by_the_next_change()
    {
        var (one, other) = await PairAsync();
        await RefusedAsync(ServerOf(other), "INSERT ON ties", async () => await _profile.Graph.ChangeAsync(one, TieAction.Block, other, Ct));
        Assert.Equal((Tie.Blocks, Tie.None), await TiesAsync(one, other));

        Assert.Equal("person_not_found", (await _profile.Graph.ChangeAsync(other, TieAction.Follow, one, Ct)).Rejection!.Code);
        Assert.True((await _profile.Graph.ChangeAsync(other, TieAction.Mute, one, Ct)).IsOk);
        Assert.Equal((Tie.Blocks, Tie.BlockedBy | Tie.Mutes), await TiesAsync(one, other));
    }

    [Fact]
    public async Task A_tie_of_which_one_side_was_stored_is_finished_by_the_sweep()
    {
        var (one, other) = await PairAsync();
        await RefusedAsync(ServerOf(other), "INSERT ON ties", async () => await _profile.Graph.ChangeAsync(one, TieAction.Follow, other, Ct));
        Assert.Equal((Tie.Follows, Tie.None), await TiesAsync(one, other));
        Assert.Equal(0, (await _profile.Graph.CountsAsync(other, Ct)).Followers);

        await SweepAsync();
        Assert.Equal((Tie.Follows, Tie.FollowedBy), await TiesAsync(one, other));
        Assert.Equal(1, (await _profile.Graph.CountsAsync(other, Ct)).Followers);
        Assert.Equal(0, await SweepAsync());
        Assert.Equal([EventKind.PersonJoined, EventKind.PersonJoined, EventKind.TieChanged], (await EventsAsync()).Order());
    }

    [Fact]
    public async Task A_change_of_a_tie_leaves_no_note_behind()
    {
        var (one, other) = await PairAsync();
        await _profile.Graph.ChangeAsync(one, TieAction.Follow, other, Ct);
        Assert.Equal(0L, await AskAsync(ServerOf(one), "SELECT count(*) FROM unfinished_ties"));
    }

    [Theory]
    [InlineData("INSERT ON handles", true)]
    [InlineData("UPDATE ON people", false)]
    public async Task A_sign_up_that_was_cut_off_is_finished_and_its_handle_is_nobody_elses(string refused, bool isFree)
    {
        foreach (var server in _strings)
            await RunAsync(server, $"CREATE TRIGGER refuse BEFORE {refused} FOR EACH ROW EXECUTE FUNCTION refuse()");
        await Assert.ThrowsAsync<PostgresException>(() => AddAsync("ada"));
        foreach (var server in _strings)
            await RunAsync(server, $"DROP TRIGGER refuse ON {refused.Split(' ')[2]}");
        Assert.Null(await _profile.People.FindAsync("ada", Ct));

        var other = isFree ? default : (await AddAsync("ada")).Rejection!.Code;
        Assert.Equal(isFree ? null : "handle_taken", other);
        Assert.Equal(1, await SweepAsync());
        var person = (await _profile.People.FindAsync("ada", Ct))!.Value;
        Assert.True(await _profile.People.ExistsAsync(person, Ct));
        Assert.Equal([EventKind.PersonJoined], await EventsAsync());
        Assert.Equal(0, await SweepAsync());
    }

    [Theory]
    [InlineData("INSERT ON comments", false)]
    [InlineData("UPDATE ON claims", true)]
    public async Task A_comment_under_a_key_that_was_cut_off_is_made_once(string refused, bool isMade)
    {
        var (one, other) = await PairAsync();
        var post = (await _profile.Posts.PublishAsync(TextOf(other), null, Ct)).Value.Id;
        var claim = new IdempotencyClaim("key", new byte[32]);
        var server = isMade ? ServerOf(one) : ServerOf(other);
        await RefusedAsync(server, refused, async () => await _profile.Engagement.CommentAsync(one, post, "x", claim, Ct));

        var again = (await _profile.Engagement.CommentAsync(one, post, "x", claim, Ct)).Value;
        Assert.Equal(isMade, again.Replayed);
        Assert.Equal(again.Id, Assert.Single(await _profile.Engagement.CommentsAsync(post, default, 10, Ct)).Id);
        Assert.Equal(again with { Replayed = true }, (await _profile.Engagement.CommentAsync(one, post, "x", claim, Ct)).Value);
        Assert.Equal(IdempotencyClaim.Reused, (await _profile.Engagement.CommentAsync(one, post, "y", claim with { Fingerprint = new byte[31] }, Ct)).Rejection);
    }

    [Fact]
    public async Task Events_that_were_taken_and_not_removed_are_in_the_log_once()
    {
        await RefusedAsync(_strings[1], "DELETE ON outbox", async () =>
        {
            for (var i = 0; i < 8; i++)
                await AddAsync($"person_{i}");
            await _profile.SettleAsync(Ct);
        });
        Assert.NotEqual(0L, await AskAsync(_strings[1], "SELECT count(*) FROM outbox"));
        await AddAsync("last");
        Assert.Equal(9, (await EventsAsync()).Count);
        Assert.Equal(0L, await AskAsync(_strings[1], "SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task One_decision_that_fails_fails_none_of_those_beside_it()
    {
        var ada = (await AddAsync("ada")).Value;
        await RunAsync(ServerOf(ada), "ALTER TABLE bodies ADD CONSTRAINT no_x CHECK (text <> 'x')");
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                return (await _profile.Posts.PublishAsync(TextOf(ada, i % 10 == 3 ? "x" : "y"), null, Ct)).IsOk;
            }
            catch (PostgresException)
            {
                return false;
            }
        }));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 10 != 3), results);
        Assert.Equal(36, await _profile.Posts.NewestAsync(new[] { ada }, PostId.Last, new PostId[50], Ct));
        Assert.Equal(37, (await EventsAsync()).Count);
    }

    private async Task<(UserId One, UserId Other)> PairAsync()
    {
        var people = new List<UserId>();
        while (people.Count < 2 || people.All(person => ServerOf(person) == ServerOf(people[0])))
            people.Add((await AddAsync($"person_{people.Count}")).Value);
        if (people.Count > 2)
            throw new InvalidOperationException("The first two people are on one server: the hash has changed.");
        return (people[0], people[1]);
    }

    private Task<Result<UserId>> AddAsync(string handle) => _profile.People.AddAsync(new NewPerson(handle, "Name", "", []), Ct).AsTask();

    private static NewPost TextOf(UserId author, string text = "x") => new(author, PostType.Text, Audience.Public, default, new PostBody(text, []));

    private string ServerOf(UserId person) => _strings[Shard.Of(person) % 2];

    private async Task<(Tie One, Tie Other)> TiesAsync(UserId one, UserId other) =>
        (await _profile.Graph.TieAsync(one, other, Ct), await _profile.Graph.TieAsync(other, one, Ct));

    private ValueTask<int> SweepAsync() => _profile.SweepAsync(TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeMilliseconds(), Ct);

    private async Task<List<EventKind>> EventsAsync()
    {
        await _profile.SettleAsync(Ct);
        var events = new Event[100];
        return [.. events[..await _profile.Events.ReadAsync(0, events, Ct)].Select(happened => happened.Kind)];
    }

    private static async Task RefusedAsync(string server, string when, Func<Task> act)
    {
        await RunAsync(server, $"CREATE TRIGGER refuse BEFORE {when} FOR EACH ROW EXECUTE FUNCTION refuse()");
        var why = await Assert.ThrowsAsync<PostgresException>(act);
        Assert.Contains("refused by the test", why.MessageText);
        await RunAsync(server, $"DROP TRIGGER refuse ON {when.Split(' ')[2]}");
    }

    private static async Task RunAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private static async Task<object?> AskAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }
}
