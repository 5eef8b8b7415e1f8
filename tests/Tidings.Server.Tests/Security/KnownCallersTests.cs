using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Security;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class KnownCallersTests
{
    private static readonly string Secret = Token.Make(Token.SessionPrefix);

    [Fact]
    public async Task A_token_that_is_revoked_while_it_is_being_read_is_not_remembered()
    {
        var store = new SlowStore();
        var callers = new KnownCallers(store, new ServeOptions());
        var reading = callers.FindAsync(Secret, CancellationToken.None);
        callers.Forget(Token.Hash(Secret));
        store.Answer(new Credential(KeyKind.Session, new UserId(1), "", long.MaxValue));
        Assert.NotNull(await reading);
        Assert.Equal(0, callers.Count);
    }

    [Fact]
    public async Task A_token_is_read_from_the_record_once()
    {
        var store = new SlowStore();
        var callers = new KnownCallers(store, new ServeOptions());
        store.Answer(new Credential(KeyKind.Session, new UserId(1), "", long.MaxValue));
        var first = await callers.FindAsync(Secret, CancellationToken.None);
        Assert.Same(first, await callers.FindAsync(Secret, CancellationToken.None));
        Assert.Equal(1, store.Reads);
    }

    /// <summary>Holds a reader where a real store is too quick to be caught.</summary>
    private sealed class SlowStore : ICredentialStore
    {
        private readonly TaskCompletionSource<Credential?> _answer = new();

        public int Reads { get; private set; }

        public void Answer(Credential credential) => _answer.SetResult(credential);

        public ValueTask<Credential?> FindAsync(TokenHash token, CancellationToken ct)
        {
            Reads++;
            return new(_answer.Task);
        }

        public ValueTask AddAsync(TokenHash token, Credential credential, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask RemoveAsync(TokenHash token, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask RemoveAllAsync(UserId person, CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<(TokenHash Token, Credential Credential)>> KeysAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
