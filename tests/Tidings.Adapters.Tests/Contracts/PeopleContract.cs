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
}
