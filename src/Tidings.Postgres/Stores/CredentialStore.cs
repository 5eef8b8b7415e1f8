using Npgsql;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>Credentials are spread by the hash of their token; an index on each server finds those of a person.</summary>
internal sealed class CredentialStore(RecordReads reads, RecordWrites writes) : ICredentialStore
{
    public const string GetSql = "SELECT kind, person, name, expires_unix_ms FROM credentials WHERE shard = $1 AND token = $2";

    public const string ClosedSql = "SELECT 1 FROM closed WHERE person = $1";

    private const string AddSql = """
        INSERT INTO credentials VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shard, token) DO UPDATE
        SET kind = excluded.kind, person = excluded.person, name = excluded.name, expires_unix_ms = excluded.expires_unix_ms
        """;

    private const string OfSql = "SELECT token, kind FROM credentials WHERE person = $1" + RecordReads.AndHere;

    private const string KeysSql = "SELECT token, kind, person, name, expires_unix_ms FROM credentials WHERE person = 0" + RecordReads.AndHere;

    public async ValueTask AddAsync(TokenHash token, Credential credential, CancellationToken ct) => await writes.CommitAsync(
        Shard.Of(token), () => [Statement.Of(ClosedSql).With(credential.Person.Value)], async (answers, draft) =>
        {
            // Somebody signed in while they were erased: the session was never worth anything.
            if (!await answers.AnyAsync(CancellationToken.None))
                draft.Stage(Add(token, credential));
            return true;
        }, ct);

    public async ValueTask<Credential?> FindAsync(TokenHash token, CancellationToken ct)
    {
        var shard = Shard.Of(token);
        var found = await reads.OneAsync(shard, () => Statement.Of(GetSql).With(shard).With(Bytes(token)), Read, ct);
        return found.SingleOrDefault();
    }

    public async ValueTask RemoveAsync(TokenHash token, CancellationToken ct) =>
        await writes.StoreAsync(Shard.Of(token), draft => draft.Stage(Remove(token)), ct);

    public async ValueTask<IReadOnlyList<(TokenHash Token, Credential Credential)>> KeysAsync(CancellationToken ct) => await reads.AllAsync(
        () => Statement.Of(KeysSql),
        row => (TokenHash.From(row.Bytes(0)), new Credential((KeyKind)row.GetInt16(1), new UserId(row.GetInt64(2)), row.Text(3), row.GetInt64(4))), ct);

    public ValueTask RemoveAllAsync(UserId person, CancellationToken ct) => RemoveAllAsync(person, kind => kind == KeyKind.Session, ct);

    public async ValueTask RemoveAllAsync(UserId person, Func<KeyKind, bool> which, CancellationToken ct)
    {
        if (person.Value <= 0) return;
        var found = await reads.AllAsync(
            () => Statement.Of(OfSql).With(person.Value), row => (Token: TokenHash.From(row.Bytes(0)), Kind: (KeyKind)row.GetInt16(1)), ct);
        foreach (var (token, kind) in found)
        {
            if (which(kind)) await RemoveAsync(token, ct);
        }
    }

    public static Credential Read(NpgsqlDataReader row) =>
        new((KeyKind)row.GetInt16(0), new UserId(row.GetInt64(1)), row.Text(2), row.GetInt64(3));

    public static NpgsqlBatchCommand Add(TokenHash token, Credential credential) => Statement.Of(AddSql)
        .With(Shard.Of(token)).With(Bytes(token)).With((short)credential.Kind).With(credential.Person.Value)
        .With(Statement.Utf8(credential.Name)).With(credential.ExpiresUnixMs);

    public static NpgsqlBatchCommand Remove(TokenHash token) =>
        Statement.Of("DELETE FROM credentials WHERE shard = $1 AND token = $2").With(Shard.Of(token)).With(Bytes(token));

    public static byte[] Bytes(TokenHash token)
    {
        var bytes = new byte[TokenHash.Bytes];
        token.CopyTo(bytes);
        return bytes;
    }
}
