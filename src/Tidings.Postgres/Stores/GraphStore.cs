using Npgsql;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// Ties, stored on both sides: each person's row has their own view, the other's view, and the version of both. Every change locks both shards, so
/// each is decided with everything that it depends on: both views, the limits of both. On two servers the actor's side is committed
/// first, with a note; if the other side's commit is lost, the versions differ, the higher one is right, and whoever touches the pair next, or finds the
/// note, brings the other up to it (<see cref="MendAsync"/>). An answer is given when both sides are stored.
/// </summary>
internal sealed class GraphStore(RecordReads reads, RecordWrites writes, GraphLimits limits) : IGraphStore
{
    private const string TiesSql =
        "SELECT i.place, t.tie FROM unnest($1, $2, $3) AS i(place, shard, other) JOIN ties t ON (t.shard, t.person, t.other) = (i.shard, $4, i.other)";

    private const string FollowersSql =
        "SELECT i.place, c.counts[2] FROM unnest($1, $2, $3) AS i(place, shard, person) JOIN tie_counts c ON (c.shard, c.person) = (i.shard, i.person)";

    private const string ForgetSql = "DELETE FROM unfinished_ties WHERE shard = $1 AND person = $2 AND other = $3";

    private const string UnfinishedSql =
        "SELECT person, other FROM unfinished_ties WHERE since_unix_ms < $1" + RecordReads.AndHere + " LIMIT 100";

    private static readonly (Tie Flag, TieList List)[] Limited =
    [
        (Tie.Follows, TieList.Following), (Tie.Friend, TieList.Friends), (Tie.RequestSent, TieList.RequestsSent), (Tie.Blocks, TieList.Blocked),
        (Tie.Mutes, TieList.Muted), (Tie.CloseFriend, TieList.CloseFriends),
    ];

    public async ValueTask<Result<TieChange>> ChangeAsync(UserId actor, TieAction action, UserId other, CancellationToken ct)
    {
        if (actor == other)
            return PeopleStore.NoSuchPerson;
        return await BothAsync(actor, other, (one, two, isSplit) =>
        {
            if (!one.Side.IsHere || !two.Side.IsHere)
                return PeopleStore.NoSuchPerson;
            var (mine, theirs) = TieSide.Agreed(one.Side, two.Side);
            var decided = TieRules.Decide(mine, action);
            if (!decided.IsOk)
                return decided.Rejection;
            var after = decided.Value;
            var othersAfter = TieRules.Mirror(after, theirs);
            if (after != mine && (OverLimit(one.Side, after & ~mine) ?? OverLimit(two.Side, othersAfter & ~theirs)) is { } over)
                return over;
            Store(one, two, after, othersAfter, isSplit);
            if (after != mine)
                one.Draft.Tell(EventKind.TieChanged, actor, other, PostId.None, (long)mine | ((long)after << 16) | ((long)action << 32));
            return (Result<TieChange>)new TieChange(mine, after);
        }, ct);
    }

    /// <summary>Ends everything between a closed person and another. The other's side goes first, the person's with the event last: cut off in between,
    /// the person's row is still there to be found.</summary>
    public ValueTask<bool> CutAsync(UserId person, UserId other, CancellationToken ct) => BothAsync(other, person, (two, one, _) =>
    {
        var (mine, _) = TieSide.Agreed(one.Side, two.Side);
        two.Side.StageRemoval(two.Draft);
        one.Side.StageRemoval(one.Draft);
        one.Draft.Tell(EventKind.TieChanged, person, other, PostId.None, (long)mine | ((long)TieAction.Erase << 32));
        return true;
    }, ct);

    /// <summary>Finishes changes of which one side was stored and the other not, begun before a moment.</summary>
    /// <returns>How many.</returns>
    public async ValueTask<int> MendAsync(long beforeUnixMs, CancellationToken ct)
    {
        var left = await reads.AllAsync(
            () => Statement.Of(UnfinishedSql).With(beforeUnixMs), row => (Person: new UserId(row.GetInt64(0)), Other: new UserId(row.GetInt64(1))), ct);
        foreach (var (person, other) in left)
        {
            await BothAsync(person, other, (one, two, isSplit) =>
            {
                var (mine, theirs) = TieSide.Agreed(one.Side, two.Side);
                Store(one, two, mine, theirs, isSplit: false);
                one.Draft.Stage(Forget(person, other));
                return true;
            }, ct);
        }
        return left.Count;
    }

    public async ValueTask TiesAsync(UserId viewer, ReadOnlyMemory<UserId> others, Memory<Tie> into, CancellationToken ct)
    {
        await ReadTiesAsync(viewer, others.ToArray(), into, ct);
        for (var i = 0; i < others.Length; i++)
            into.Span[i] &= ~Tie.FollowedBy;
    }

    public async ValueTask<Tie> TieAsync(UserId viewer, UserId other, CancellationToken ct)
    {
        var into = new Tie[1];
        await ReadTiesAsync(viewer, [other], into, ct);
        return into[0];
    }

    public async ValueTask<int> ListAsync(UserId person, TieList list, UserId after, Memory<UserId> into, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var others = await reads.OneAsync(
            shard, () => Statement.Of(ListSql(list)).With(shard).With(person.Value).With(after.Value).With(into.Length),
            row => new UserId(row.GetInt64(0)), ct);
        others.CopyTo(into.Span);
        return others.Count;
    }

    public async ValueTask<GraphCounts> CountsAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var rows = await reads.OneAsync(shard, () => Statement.Of(TieSide.CountsSql).With(shard).With(person.Value), row => row.GetFieldValue<int[]>(0), ct);
        return rows is [var counts] ? new GraphCounts(counts[Place(TieList.Following)], counts[Place(TieList.Followers)], counts[Place(TieList.Friends)]) : default;
    }

    public async ValueTask FollowersAsync(ReadOnlyMemory<UserId> people, Memory<int> into, CancellationToken ct)
    {
        var ids = people.ToArray();
        into.Span[..ids.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(ids, Shard.Of), FollowersSql, (command, places) => command.With(Array.ConvertAll(places, place => ids[place].Value)),
            (row, place) => into.Span[place] = row.GetInt32(1), ct);
    }

    /// <summary>The statement names the flag, so that the planner finds the index of the list.</summary>
    public static string ListSql(TieList list) =>
        $"SELECT other FROM ties WHERE shard = $1 AND person = $2 AND tie & {1 << Place(list)} <> 0 AND other > $3 ORDER BY other LIMIT $4";

    private ValueTask<T> BothAsync<T>(
        UserId actor, UserId other, Func<(Draft Draft, TieSide Side), (Draft Draft, TieSide Side), bool, T> decide, CancellationToken ct) =>
        writes.CommitBothAsync(
            Shard.Of(actor), Shard.Of(other), side => side == 0 ? TieSide.Ask(actor, other) : TieSide.Ask(other, actor),
            (answers, _) => TieSide.TakeAsync(answers), decide, () => Forget(actor, other), ct);

    private static void Store((Draft Draft, TieSide Side) one, (Draft Draft, TieSide Side) two, Tie mine, Tie theirs, bool isSplit)
    {
        var isSame = one.Side.Is(mine, theirs) && two.Side.Is(theirs, mine) && one.Side.Version == two.Side.Version;
        if (isSame)
            return;
        var version = Math.Max(one.Side.Version, two.Side.Version) + 1;
        one.Side.Stage(one.Draft, mine, theirs, version);
        two.Side.Stage(two.Draft, theirs, mine, version);
        if (isSplit)
        {
            one.Draft.Stage(Statement.Of("INSERT INTO unfinished_ties VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                .With(one.Draft.Shard).With(one.Side.Person.Value).With(two.Side.Person.Value).With(one.Draft.NowUnixMs));
        }
    }

    private async ValueTask ReadTiesAsync(UserId viewer, UserId[] others, Memory<Tie> into, CancellationToken ct)
    {
        into.Span[..others.Length].Clear();
        var shard = Shard.Of(viewer);
        await reads.EachAsync(
            Array.ConvertAll(others, _ => shard), TiesSql,
            (command, places) => command.With(Array.ConvertAll(places, place => others[place].Value)).With(viewer.Value),
            (row, place) => into.Span[place] = (Tie)row.GetInt16(1), ct);
    }

    private Rejection? OverLimit(TieSide side, Tie added)
    {
        foreach (var (flag, list) in Limited)
        {
            if ((added & flag) == 0) continue;
            var max = flag switch
            {
                Tie.Follows => limits.FollowingMax,
                Tie.Friend => limits.FriendsMax,
                _ => limits.OthersMax,
            };
            if (side.Counts[Place(list)] >= max)
                return Rejection.Limit("list_full", $"A person's list of {Name(list)} has at most {max} people.");
        }
        return null;
    }

    private static NpgsqlBatchCommand Forget(UserId person, UserId other) =>
        Statement.Of(ForgetSql).With(Shard.Of(person)).With(person.Value).With(other.Value);

    /// <summary>A list's place among the flags of a tie and among the counts.</summary>
    private static int Place(TieList list) => (int)list - 1;

    private static string Name(TieList list) => list switch
    {
        TieList.Following => "people followed",
        TieList.Friends => "friends",
        TieList.RequestsSent => "friend requests sent",
        TieList.Blocked => "people blocked",
        TieList.Muted => "people muted",
        _ => "close friends",
    };
}
