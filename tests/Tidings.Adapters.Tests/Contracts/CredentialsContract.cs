using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class CredentialsContract : Contract
{
    private static TokenHash Hash(string text) => Token.Hash(text);

    private Credential SessionOf(UserId person) => new(KeyKind.Session, person, "", NowUnixMs + 1_000);

    [Fact]
    public async Task A_credential_comes_back_as_it_was_stored_even_when_it_has_expired()
    {
        var key = new Credential(KeyKind.Service, default, "the shop", long.MaxValue);
        var session = SessionOf(await JoinAsync());
        await Ports.Credentials.AddAsync(Hash("a"), key, Ct);
        await Ports.Credentials.AddAsync(Hash("b"), session, Ct);
        Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(key, await Ports.Credentials.FindAsync(Hash("a"), Ct));
        Assert.Equal(session, await Ports.Credentials.FindAsync(Hash("b"), Ct));
        Assert.Null(await Ports.Credentials.FindAsync(Hash("c"), Ct));
    }

    [Fact]
    public async Task A_removed_session_is_gone_at_once_and_others_stay()
    {
        var person = await JoinAsync();
        await Ports.Credentials.AddAsync(Hash("a"), SessionOf(person), Ct);
        await Ports.Credentials.AddAsync(Hash("b"), SessionOf(person), Ct);
        Assert.NotNull(await Ports.Credentials.FindAsync(Hash("a"), Ct));

        await Ports.Credentials.RemoveAsync(Hash("a"), Ct);
        await Ports.Credentials.RemoveAsync(Hash("never there"), Ct);

        Assert.Null(await Ports.Credentials.FindAsync(Hash("a"), Ct));
        Assert.NotNull(await Ports.Credentials.FindAsync(Hash("b"), Ct));
    }

    [Fact]
    public async Task Ending_all_sessions_of_a_person_ends_those_and_no_others()
    {
        var (one, other) = (await JoinAsync(), await JoinAsync());
        for (var i = 0; i < 5; i++)
            await Ports.Credentials.AddAsync(Hash($"one{i}"), SessionOf(one), Ct);
        await Ports.Credentials.AddAsync(Hash("other"), SessionOf(other), Ct);
        await Ports.Credentials.AddAsync(Hash("key"), new Credential(KeyKind.Admin, default, "root", long.MaxValue), Ct);

        await Ports.Credentials.RemoveAllAsync(one, Ct);

        for (var i = 0; i < 5; i++)
            Assert.Null(await Ports.Credentials.FindAsync(Hash($"one{i}"), Ct));
        Assert.NotNull(await Ports.Credentials.FindAsync(Hash("other"), Ct));
        Assert.NotNull(await Ports.Credentials.FindAsync(Hash("key"), Ct));
    }

    [Fact]
    public async Task Keys_are_listed_and_sessions_are_not()
    {
        var service = new Credential(KeyKind.Service, default, "the shop", long.MaxValue);
        var admin = new Credential(KeyKind.Admin, default, "root", long.MaxValue);
        await Ports.Credentials.AddAsync(Hash("a"), service, Ct);
        await Ports.Credentials.AddAsync(Hash("b"), admin, Ct);
        await Ports.Credentials.AddAsync(Hash("c"), service with { Name = "gone" }, Ct);
        await Ports.Credentials.AddAsync(Hash("d"), SessionOf(await JoinAsync()), Ct);
        await Ports.Credentials.RemoveAsync(Hash("c"), Ct);

        var keys = await Ports.Credentials.KeysAsync(Ct);

        Assert.Equal([(Hash("a"), service), (Hash("b"), admin)], keys.OrderBy(key => key.Credential.Kind));
    }
}
