using Tidings.Graph;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class AudiencesContract : Contract
{
    [Fact]
    public async Task A_list_has_whom_its_owner_put_on_it()
    {
        var people = await JoinManyAsync(5);
        var list = (await Ports.Audiences.AddAsync(people[0], "team", Ct)).Value;

        var changed = (await Ports.Audiences.ChangeMembersAsync(people[0], list, people.AsMemory(1, 3), default, Ct)).Value;
        Assert.Equal(new AudienceList(list, people[0], "team", 3), changed);
        await Ports.Audiences.ChangeMembersAsync(people[0], list, people.AsMemory(1, 1), people.AsMemory(2, 1), Ct);

        Assert.Equal([people[1], people[3]], await MembersAsync(list));
        Assert.True(await IsOnAsync(people[1], list));
        Assert.False(await IsOnAsync(people[2], list));
        Assert.False(await IsOnAsync(people[4], list));
        Assert.Equal([new AudienceList(list, people[0], "team", 2)], await Ports.Audiences.OfAsync(people[0], Ct));
        Assert.Empty(await Ports.Audiences.OfAsync(people[1], Ct));
    }

    [Fact]
    public async Task A_list_is_its_owners_alone()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var list = (await Ports.Audiences.AddAsync(ada, "team", Ct)).Value;

        Assert.Equal("list_not_found", (await Ports.Audiences.ChangeMembersAsync(bob, list, new[] { bob }, default, Ct)).Rejection!.Code);
        Assert.Equal("list_not_found", (await Ports.Audiences.RemoveAsync(bob, list, Ct)).Rejection!.Code);
        Assert.False(await IsOnAsync(bob, list));
    }

    [Fact]
    public async Task A_removed_list_has_nobody_and_its_number_is_not_given_again()
    {
        var ada = await JoinAsync();
        var list = (await Ports.Audiences.AddAsync(ada, "team", Ct)).Value;
        await Ports.Audiences.ChangeMembersAsync(ada, list, new[] { ada }, default, Ct);
        Assert.True(await IsOnAsync(ada, list));

        Assert.True((await Ports.Audiences.RemoveAsync(ada, list, Ct)).Value);

        Assert.False(await IsOnAsync(ada, list));
        Assert.Empty(await MembersAsync(list));
        Assert.Equal("list_not_found", (await Ports.Audiences.RemoveAsync(ada, list, Ct)).Rejection!.Code);
        Assert.NotEqual(list, (await Ports.Audiences.AddAsync(ada, "team", Ct)).Value);
    }

    [Fact]
    public async Task Limits_hold_in_a_race_and_a_refusal_changes_nothing()
    {
        var people = await JoinManyAsync(SmallLimits.AudienceMembers + 1);
        var added = await RaceAsync(SmallLimits.AudienceLists * 3, async i => await Ports.Audiences.AddAsync(people[0], $"list {i}", Ct));
        Assert.Equal(SmallLimits.AudienceLists, added.Count(result => result.IsOk));
        Assert.Equal(SmallLimits.AudienceLists, (await Ports.Audiences.OfAsync(people[0], Ct)).Count);

        var list = added.First(result => result.IsOk).Value;
        var full = await Ports.Audiences.ChangeMembersAsync(people[0], list, people, default, Ct);
        Assert.Equal(RejectionKind.LimitReached, full.Rejection!.Kind);
        var unknown = await Ports.Audiences.ChangeMembersAsync(people[0], list, new[] { people[1], new UserId(999) }, default, Ct);
        Assert.Equal("person_not_found", unknown.Rejection!.Code);
        Assert.Empty(await MembersAsync(list));
    }

    private async Task<bool> IsOnAsync(UserId person, AudienceListId list)
    {
        var into = new bool[1];
        await Ports.Audiences.ContainsAsync(person, new[] { list }, into, Ct);
        return into[0];
    }

    private async Task<UserId[]> MembersAsync(AudienceListId list)
    {
        var into = new UserId[100];
        var count = await Ports.Audiences.MembersAsync(list, default, into, Ct);
        return into[..count];
    }
}
