using Tidings.Graph;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class GraphContract : Contract
{
    [Fact]
    public async Task A_follow_is_seen_from_both_sides_and_counted()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());

        var change = (await Ports.Graph.ChangeAsync(ada, TieAction.Follow, bob, Ct)).Value;

        Assert.Equal(new TieChange(Tie.None, Tie.Follows), change);
        Assert.Equal(Tie.Follows, await Ports.Graph.TieAsync(ada, bob, Ct));
        Assert.Equal(Tie.FollowedBy, await Ports.Graph.TieAsync(bob, ada, Ct));
        Assert.Equal(new GraphCounts(1, 0, 0), await Ports.Graph.CountsAsync(ada, Ct));
        Assert.Equal(new GraphCounts(0, 1, 0), await Ports.Graph.CountsAsync(bob, Ct));
        Assert.Equal([bob], await ListAsync(ada, TieList.Following));
        Assert.Equal([ada], await ListAsync(bob, TieList.Followers));
    }

    [Fact]
    public async Task What_is_repeated_changes_nothing_and_tells_no_event()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        await DoAsync(ada, TieAction.Follow, bob);
        var end = await Ports.EndAsync(Ct);

        var again = (await Ports.Graph.ChangeAsync(ada, TieAction.Follow, bob, Ct)).Value;

        Assert.Equal(Tie.None, again.Changed);
        Assert.Equal(end, await Ports.EndAsync(Ct));
    }

    [Fact]
    public async Task Nobody_is_tied_to_themselves_or_to_nobody()
    {
        var ada = await JoinAsync();
        foreach (var other in new[] { ada, new UserId(99), new UserId(0), new UserId((1L << 32) + ada.Value) })
            Assert.Equal("person_not_found", (await Ports.Graph.ChangeAsync(ada, TieAction.Follow, other, Ct)).Rejection!.Code);
        Assert.Equal(Tie.None, await Ports.Graph.TieAsync(ada, new UserId(long.MaxValue), Ct));
        Assert.Empty(await ListAsync(new UserId(long.MaxValue), TieList.Followers));
        Assert.Equal(default, await Ports.Graph.CountsAsync(new UserId(99), Ct));
    }

    [Fact]
    public async Task A_block_ends_everything_between_two_people_in_every_list()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        await BefriendAsync(ada, bob);
        await DoAsync(ada, TieAction.AddCloseFriend, bob);
        await DoAsync(bob, TieAction.AddCloseFriend, ada);

        await DoAsync(ada, TieAction.Block, bob);

        Assert.Equal(Tie.Blocks, await Ports.Graph.TieAsync(ada, bob, Ct));
        Assert.Equal(Tie.BlockedBy, await Ports.Graph.TieAsync(bob, ada, Ct));
        Assert.Equal([bob], await ListAsync(ada, TieList.Blocked));
        Assert.Equal([ada], await ListAsync(bob, TieList.BlockedBy));
        foreach (var list in new[] { TieList.Following, TieList.Followers, TieList.Friends, TieList.CloseFriends })
        {
            Assert.Empty(await ListAsync(ada, list));
            Assert.Empty(await ListAsync(bob, list));
        }
        Assert.Equal("person_not_found", (await Ports.Graph.ChangeAsync(bob, TieAction.Follow, ada, Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task A_full_list_refuses_and_changes_nothing_on_either_side()
    {
        var people = await JoinManyAsync(SmallLimits.Following + 2);
        foreach (var other in people[1..(SmallLimits.Following + 1)])
            await DoAsync(people[0], TieAction.Follow, other);

        var refused = await Ports.Graph.ChangeAsync(people[0], TieAction.Follow, people[^1], Ct);

        Assert.Equal(RejectionKind.LimitReached, refused.Rejection!.Kind);
        Assert.Equal(Tie.None, await Ports.Graph.TieAsync(people[^1], people[0], Ct));
        Assert.Equal(SmallLimits.Following, (await Ports.Graph.CountsAsync(people[0], Ct)).Following);
        Assert.Equal(Tie.None, await DoAsync(people[0], TieAction.Unfollow, people[1]));
        Assert.Equal(Tie.Follows, await DoAsync(people[0], TieAction.Follow, people[^1]));
    }

    [Fact]
    public async Task Limits_hold_when_follows_race()
    {
        var people = await JoinManyAsync(SmallLimits.Following * 2 + 1);

        var results = await RaceAsync(people.Length - 1, async i => await Ports.Graph.ChangeAsync(people[0], TieAction.Follow, people[i + 1], Ct));

        Assert.Equal(SmallLimits.Following, results.Count(result => result.IsOk));
        Assert.Equal(SmallLimits.Following, (await ListAsync(people[0], TieList.Following)).Length);
    }

    [Fact]
    public async Task Followers_have_no_limit_and_are_walked_in_pages()
    {
        var people = await JoinManyAsync(101);
        await RaceAsync(100, async i => await DoAsync(people[i + 1], TieAction.Follow, people[0]));

        var walked = new List<UserId>();
        var page = new UserId[7];
        int count;
        do
        {
            count = await Ports.Graph.ListAsync(people[0], TieList.Followers, walked.LastOrDefault(), page, Ct);
            walked.AddRange(page[..count]);
        }
        while (count == page.Length);

        Assert.Equal(people[1..].OrderBy(id => id.Value), walked);
        Assert.Equal(100, (await Ports.Graph.CountsAsync(people[0], Ct)).Followers);
    }

    [Fact]
    public async Task Actions_in_any_order_keep_both_sides_and_all_lists_in_step_with_the_rules()
    {
        var people = await JoinManyAsync(4);
        var model = new Dictionary<(UserId, UserId), Tie>();
        var random = new Random(20_260_301);
        for (var step = 0; step < 600; step++)
        {
            var from = random.Next(people.Length);
            var (a, b, action) = (people[from], people[(from + random.Next(1, people.Length)) % people.Length], (TieAction)random.Next(1, 13));
            var expected = TieRules.Decide(model.GetValueOrDefault((a, b)), action);
            var actual = await Ports.Graph.ChangeAsync(a, action, b, Ct);
            Assert.Equal(expected.Rejection, actual.Rejection);
            if (expected.IsOk)
            {
                Assert.Equal(expected.Value, actual.Value.After);
                model[(b, a)] = TieRules.Mirror(expected.Value, model.GetValueOrDefault((b, a)));
                model[(a, b)] = expected.Value;
            }
            Assert.Equal(model.GetValueOrDefault((a, b)), await Ports.Graph.TieAsync(a, b, Ct));
            Assert.Equal(model.GetValueOrDefault((b, a)), await Ports.Graph.TieAsync(b, a, Ct));
        }
        foreach (var person in people)
        {
            foreach (var list in Enum.GetValues<TieList>())
            {
                var flag = (Tie)(1 << ((int)list - 1));
                var expected = people.Where(other => model.GetValueOrDefault((person, other)).HasFlag(flag)).OrderBy(other => other.Value);
                Assert.Equal(expected, await ListAsync(person, list));
            }
        }
    }

    private async Task<UserId[]> ListAsync(UserId person, TieList list)
    {
        var into = new UserId[1_000];
        var count = await Ports.Graph.ListAsync(person, list, default, into, Ct);
        return into[..count];
    }
}

/// <summary>The limits that the adapter under test is opened with, so that tests can fill a list.</summary>
public static class SmallLimits
{
    public const int Following = 20, AudienceLists = 5, AudienceMembers = 10;

    public static GraphLimits Graph => new() { FollowingMax = Following, AudienceListsMax = AudienceLists, AudienceMembersMax = AudienceMembers };
}
