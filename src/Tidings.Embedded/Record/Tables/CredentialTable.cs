using Tidings.Embedded.Record.Rows;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Sessions and keys. Each request shows one, so memory holds the lately seen.</summary>
internal sealed class CredentialTable(Database database) : Table
{
    private const int KeptMax = 65_536;

    private readonly ReadThroughCache<TokenHash, Credential> _kept = new(KeptMax);
    private readonly Dictionary<TokenHash, Credential?> _staged = [];

    public Credential? Get(TokenHash token) => _kept.Get(token, database, static (hash, database) =>
    {
        Span<byte> key = stackalloc byte[CredentialRow.KeyBytes];
        var row = database.Get(CredentialRow.Key(key, hash), database.Columns.Credentials);
        return row is null ? null : CredentialRow.Read(row);
    });

    public Credential? Get(Draft _, TokenHash token) => _staged.TryGetValue(token, out var staged) ? staged : Get(token);

    public void Add(Draft draft, TokenHash token, Credential credential)
    {
        Span<byte> key = stackalloc byte[CredentialRow.PersonKeyBytes];
        using var room = new Room(CredentialRow.BytesMax(credential));
        draft.Put(CredentialRow.Key(key, token), CredentialRow.Write(room.Span, credential), draft.Columns.Credentials);
        draft.Put(CredentialRow.PersonKey(key, credential.Person, token), CredentialRow.Present, draft.Columns.Credentials);
        _staged[token] = credential;
    }

    public void Remove(Draft draft, TokenHash token)
    {
        if (Get(draft, token) is not { } credential) return;
        Span<byte> key = stackalloc byte[CredentialRow.PersonKeyBytes];
        draft.Delete(CredentialRow.Key(key, token), draft.Columns.Credentials);
        draft.Delete(CredentialRow.PersonKey(key, credential.Person, token), draft.Columns.Credentials);
        _staged[token] = null;
    }

    /// <returns>False where it is gone or has not expired.</returns>
    public bool RemoveExpired(Draft draft, TokenHash token, long nowUnixMs)
    {
        if (Get(draft, token) is not { } credential || credential.ExpiresUnixMs > nowUnixMs) return false;
        Remove(draft, token);
        return true;
    }

    /// <summary>The tokens of a person's sessions; those of person 0 are the keys.</summary>
    public List<TokenHash> Of(Draft _, UserId person)
    {
        var tokens = Of(person);
        tokens.RemoveAll(_staged.ContainsKey);
        foreach (var (token, credential) in _staged)
        {
            if (credential?.Person == person) tokens.Add(token);
        }
        return tokens;
    }

    public List<TokenHash> Of(UserId person)
    {
        var tokens = new List<TokenHash>();
        Span<byte> prefix = stackalloc byte[CredentialRow.PersonPrefixBytes];
        CredentialRow.PersonPrefix(prefix, person);
        using var rows = database.Scan(database.Columns.Credentials);
        for (rows.Seek(prefix); rows.IsAt(prefix); rows.Next())
            tokens.Add(CredentialRow.TokenOf(rows.Key));
        return tokens;
    }

    public override void Publish(Draft draft)
    {
        foreach (var (token, credential) in _staged)
            _kept.Committed(token, credential);
        _staged.Clear();
    }
}
