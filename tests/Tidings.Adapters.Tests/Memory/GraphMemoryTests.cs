using CsCheck;
using Tidings.Embedded.Memory;
using Tidings.Graph;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed class GraphMemoryTests
{
    private const int People = 12;
    private static readonly TieList[] Lists = Enum.GetValues<TieList>();

    private static readonly Gen<(int, int, int)[]> Actions =
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, People], Gen.Int[1, People]).Array[0, 200];

    [Fact]
    public void Lists_and_flags_run_in_the_same_order()
    {
        Assert.Equal(Tie.Follows, GraphMemory.FlagOf(TieList.Following));
        Assert.Equal(Tie.FollowedBy, GraphMemory.FlagOf(TieList.Followers));
        Assert.Equal(Tie.Friend, GraphMemory.FlagOf(TieList.Friends));
        Assert.Equal(Tie.RequestSent, GraphMemory.FlagOf(TieList.RequestsSent));
        Assert.Equal(Tie.RequestReceived, GraphMemory.FlagOf(TieList.RequestsReceived));
        Assert.Equal(Tie.Blocks, GraphMemory.FlagOf(TieList.Blocked));
        Assert.Equal(Tie.BlockedBy, GraphMemory.FlagOf(TieList.BlockedBy));
        Assert.Equal(Tie.Mutes, GraphMemory.FlagOf(TieList.Muted));
        Assert.Equal(Tie.CloseFriend, GraphMemory.FlagOf(TieList.CloseFriends));
    }

    [Fact]
    public void Ties_and_lists_say_what_the_rules_made_of_all_actions() => Actions.Sample(actions =>
    {
        var graph = new GraphMemory();
        var model = new Tie[People + 1, People + 1];
        Apply(actions, graph, model);
        Check(graph, model);
    });

    [Fact]
    public void Loading_what_people_made_brings_back_what_came_in() => Actions.Sample(actions =>
    {
        var model = new Tie[People + 1, People + 1];
        Apply(actions, new GraphMemory(), model);
        var loaded = new GraphMemory();
        foreach (var list in Lists.Except([TieList.Followers, TieList.RequestsReceived, TieList.BlockedBy]))
        {
            for (var a = 1; a <= People; a++)
                loaded.Load(new UserId(a), list, Members(model, a, list));
        }
        loaded.FinishLoading();
        Check(loaded, model);
    });

    private static void Apply((int, int, int)[] actions, GraphMemory graph, Tie[,] model)
    {
        foreach (var (action, a, b) in actions)
        {
            if (a == b || TieRules.Decide(model[a, b], (TieAction)action) is not { IsOk: true, Value: var next }) continue;
            (model[a, b], model[b, a]) = (next, TieRules.Mirror(next, model[b, a]));
            graph.Set(new UserId(a), new UserId(b), model[a, b], model[b, a]);
        }
    }

    private static uint[] Members(Tie[,] model, int person, TieList list) =>
        [.. Enumerable.Range(1, People).Where(b => (model[person, b] & GraphMemory.FlagOf(list)) != 0).Select(b => (uint)b)];

    private static void Check(GraphMemory graph, Tie[,] model)
    {
        var rising = Made.Users([.. Enumerable.Range(1, People)]);
        foreach (var others in (UserId[][])[rising, [.. rising.Reverse()], [.. rising.Concat(rising)]])
        {
            var ties = new Tie[others.Length];
            foreach (var a in rising)
            {
                graph.Ties(a, others, ties);
                Assert.Equal(others.Select(b => model[a.Value, b.Value] & ~Tie.FollowedBy), ties);
            }
        }
        var followers = new int[rising.Length];
        graph.FollowerCounts(rising, followers);
        Assert.Equal(rising.Select(a => Members(model, (int)a.Value, TieList.Followers).Length), followers);
        foreach (var a in rising)
        {
            Assert.All(rising, b => Assert.Equal(model[a.Value, b.Value], graph.Get(a, b)));
            foreach (var list in Lists)
            {
                var members = Members(model, (int)a.Value, list);
                Assert.Equal(members, graph.List(a, list).ToArray());
                var page = new UserId[3];
                var count = graph.CopyList(a, list, new UserId(2), page);
                Assert.Equal(members.Where(b => b > 2).Take(3).Select(b => new UserId(b)), page[..count]);
            }
            Assert.Equal(
                new GraphCounts(graph.List(a, TieList.Following).Count, graph.List(a, TieList.Followers).Count, graph.List(a, TieList.Friends).Count),
                graph.Counts(a));
        }
    }

    /// <summary>Ids on both sides of the borders between segments and between the millions that are derived at a time.</summary>
    [Fact]
    public void Many_follows_at_once_equal_the_same_one_by_one_and_loaded() =>
        Gen.Select(Person, Person).Array[0, 3_000].Select(Gen.Int[0, 3_000]).Sample((edges, half) =>
        {
            var pairs = edges.Select(e => (Follower: new UserId(e.Item1), Followee: new UserId(e.Item2))).ToArray();
            var (bulk, single, loaded) = (new GraphMemory(), new GraphMemory(), new GraphMemory());
            bulk.AddFollows(pairs.AsSpan(0, Math.Min(half, pairs.Length)));
            bulk.AddFollows(pairs.AsSpan(Math.Min(half, pairs.Length)));
            foreach (var (a, b) in pairs.Where(p => p.Follower != p.Followee))
                single.Set(a, b, single.Get(a, b) | Tie.Follows, single.Get(b, a) | Tie.FollowedBy);
            foreach (var person in pairs.Select(p => p.Follower).Distinct())
                loaded.Load(person, TieList.Following, single.List(person, TieList.Following).ToArray());
            loaded.FinishLoading();
            foreach (var person in pairs.SelectMany(p => (UserId[])[p.Follower, p.Followee]).Distinct())
            {
                Assert.Equal(single.List(person, TieList.Following).ToArray(), bulk.List(person, TieList.Following).ToArray());
                Assert.Equal(single.List(person, TieList.Followers).ToArray(), bulk.List(person, TieList.Followers).ToArray());
                Assert.Equal(single.List(person, TieList.Followers).ToArray(), loaded.List(person, TieList.Followers).ToArray());
            }
        }, iter: 10);

    private static Gen<long> Person => Gen.OneOf(
        Gen.Long[1, 30], Gen.Long[65_530, 65_540], Gen.Long[(1 << 20) - 5, (1 << 20) + 5], Gen.Long[1, 2_000], Gen.Const(2L));

    [Fact]
    public void Incoming_lists_are_not_loaded() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GraphMemory().Load(new UserId(1), TieList.Followers, [2]));

    [Fact]
    public async Task Readers_walk_one_version_of_a_list_while_it_changes()
    {
        var graph = new GraphMemory();
        var (star, done) = (new UserId(1), false);
        var evens = Enumerable.Range(1, 5_000).Select(i => (uint)(i * 2)).ToArray();
        foreach (var even in evens)
            graph.Load(new UserId(even), TieList.Following, [1]);
        graph.FinishLoading();
        var reader = Made.Race(1, _ =>
        {
            for (var walks = 0; ; walks++)
            {
                var followers = graph.List(star, TieList.Followers).ToArray();
                Assert.Equal(evens, followers.Where(id => id % 2 == 0));
                Assert.True(followers.Zip(followers.Skip(1)).All(pair => pair.First < pair.Second));
                if (Volatile.Read(ref done)) return walks;
            }
        })[0];
        var random = new Lcg(3);
        for (var i = 0; i < 30_000; i++)
        {
            var odd = new UserId((random.Next(5_000) * 2) + 3);
            var follows = i % 2 == 0;
            graph.Set(odd, star, follows ? Tie.Follows : Tie.None, follows ? Tie.FollowedBy : Tie.None);
        }
        Volatile.Write(ref done, true);
        Assert.True(await reader >= 0);
    }
}
