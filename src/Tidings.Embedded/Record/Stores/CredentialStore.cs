using Tidings.Embedded.Record.Tables;
using Tidings.People;

namespace Tidings.Embedded.Record.Stores;

internal sealed class CredentialStore(Writer writer, CredentialTable credentials, ErasedTable erased) : ICredentialStore
{
    public async ValueTask AddAsync(TokenHash token, Credential credential, CancellationToken ct) =>
        await writer.CommitAsync((credentials, erased, token, credential), static (draft, state) =>
        {
            // Somebody signed in while they were erased: the session was never worth anything.
            if (state.erased.IsClosed(draft, state.credential.Person))
                return false;
            state.credentials.Add(draft, state.token, state.credential);
            return true;
        }, ct);

    public ValueTask<Credential?> FindAsync(TokenHash token, CancellationToken ct) => new(credentials.Get(token));

    public ValueTask<IReadOnlyList<(TokenHash Token, Credential Credential)>> KeysAsync(CancellationToken ct)
    {
        var keys = new List<(TokenHash, Credential)>();
        foreach (var token in credentials.Of(default(UserId)))
        {
            if (credentials.Get(token) is { } credential) keys.Add((token, credential));
        }
        return new(keys);
    }

    public async ValueTask RemoveAsync(TokenHash token, CancellationToken ct) =>
        await writer.CommitAsync((credentials, token), static (draft, state) =>
        {
            state.credentials.Remove(draft, state.token);
            return true;
        }, ct);

    public async ValueTask RemoveAllAsync(UserId person, CancellationToken ct) =>
        await writer.CommitAsync((credentials, person), static (draft, state) =>
        {
            var sessions = state.person.Value is > 0 and <= uint.MaxValue ? state.credentials.Of(draft, state.person) : [];
            foreach (var token in sessions)
            {
                if (state.credentials.Get(draft, token) is { Kind: KeyKind.Session })
                    state.credentials.Remove(draft, token);
            }
            return sessions.Count;
        }, ct);
}
