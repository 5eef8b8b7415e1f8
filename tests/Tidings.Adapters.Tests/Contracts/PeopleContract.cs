using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class PeopleContract : Contract
{
    [Fact]
    public async Task A_person_who_joined_is_found_by_id_and_by_handle()
    {
        var hash = new byte[] { 1, 2, 3 };
        var id = (await Ports.People.AddAsync(new NewPerson("ada", "Ada Lovelace", "Ψ counts", hash), Ct)).Value;

        var into = new Person?[3];
        await Ports.People.GetAsync(new[] { id, new UserId(99), new UserId(long.MaxValue) }, into, Ct);
        Assert.Equal(new Person(id, "ada", "Ada Lovelace", "Ψ counts", NowUnixMs), into[0]);
        Assert.Null(into[1]);
        Assert.Null(into[2]);
        Assert.Equal(id, await Ports.People.FindAsync("ada", Ct));
        Assert.Equal(hash, await Ports.People.PasswordHashAsync(id, Ct));
        Assert.Null(await Ports.People.FindAsync("nobody", Ct));
        Assert.Empty(await Ports.People.PasswordHashAsync(new UserId(99), Ct));
    }

    [Fact]
    public async Task Ids_are_given_from_one_on_without_gaps()
    {
        var joined = await JoinManyAsync(50);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), joined.Select(id => id.Value).Order());
    }

    [Fact]
    public async Task Of_many_who_want_a_handle_at_once_one_gets_it()
    {
        var results = await RaceAsync(32, async i => await Ports.People.AddAsync(new NewPerson("ada", $"Number {i}", "", []), Ct));

        var won = Assert.Single(results, result => result.IsOk);
        Assert.All(results.Where(result => !result.IsOk), result => Assert.Equal("handle_taken", result.Rejection!.Code));
        Assert.Equal(won.Value, await Ports.People.FindAsync("ada", Ct));
    }

    [Fact]
    public async Task A_profile_change_shows_at_once_and_leaves_handle_and_password()
    {
        var id = (await Ports.People.AddAsync(new NewPerson("ada", "Ada", "", [7]), Ct)).Value;
        var into = new Person?[1];
        await Ports.People.GetAsync(new[] { id }, into, Ct);

        var changed = (await Ports.People.UpdateAsync(id, "Countess", "of Lovelace", Ct)).Value;

        await Ports.People.GetAsync(new[] { id }, into, Ct);
        Assert.Equal(changed, into[0]);
        Assert.Equal(("ada", "Countess", "of Lovelace"), (changed.Handle, changed.Name, changed.Bio));
        Assert.Equal([7], await Ports.People.PasswordHashAsync(id, Ct));
        Assert.Equal("person_not_found", (await Ports.People.UpdateAsync(new UserId(77), "x", "", Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task Of_many_first_visits_with_one_identity_one_person_comes_and_later_ones_find_it()
    {
        var identity = OutsideIdentity.Hash("https://issuer.example", "subject");
        var joined = await RaceAsync(16, async i => await Ports.People.JoinAsync(new NewPerson($"name{i}", "Name", "", []), identity, Ct));
        var person = Assert.Single(joined.Select(result => result.Value).Distinct());
        if (!Ports.NumbersHaveGaps)
            Assert.Equal(1, person.Value);
        Assert.Equal(new Credential(KeyKind.Identity, person, "", long.MaxValue), await Ports.Credentials.FindAsync(identity, Ct));

        var other = OutsideIdentity.Hash("https://issuer.example", "other");
        var into = new Person?[1];
        await Ports.People.GetAsync(new[] { person }, into, Ct);
        Assert.Equal("handle_taken", (await Ports.People.JoinAsync(new NewPerson(into[0]!.Handle, "Name", "", []), other, Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task An_identity_is_given_to_one_person_only_and_outlives_their_sessions()
    {
        var (one, other) = (await JoinAsync(), await JoinAsync());
        var identity = OutsideIdentity.Hash("https://issuer.example", "subject");
        Assert.True((await Ports.People.LinkAsync(one, identity, Ct)).Value);
        Assert.False((await Ports.People.LinkAsync(one, identity, Ct)).Value);
        Assert.Equal("identity_taken", (await Ports.People.LinkAsync(other, identity, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.People.LinkAsync(new UserId(99), identity, Ct)).Rejection!.Code);
        await Ports.Credentials.RemoveAllAsync(one, Ct);
        Assert.Equal(one, (await Ports.People.JoinAsync(new NewPerson("new", "New", "", []), identity, Ct)).Value);
    }
}
