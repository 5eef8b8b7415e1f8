using Npgsql;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>Ids come from a row of the home server, one after the other; one that was given to a sign-up that then lost its handle is nobody's.</summary>
internal sealed class PeopleStore(RecordServers servers, RecordReads reads, RecordWrites writes, Joining joining) : IPeopleStore
{
    private const int JoinTriesMax = 8;

    public const string StateSql = "SELECT state FROM people WHERE shard = $1 AND person = $2";

    private const string GetSql = """
        SELECT i.place, p.person, p.handle, p.name, p.bio, p.created_unix_ms
        FROM unnest($1, $2, $3) AS i(place, shard, person) JOIN people p ON (p.shard, p.person) = (i.shard, i.person)
        WHERE p.state BETWEEN 1 AND 3
        """;

    private const string ExistSql = """
        SELECT i.place FROM unnest($1, $2, $3) AS i(place, shard, person) JOIN people p ON (p.shard, p.person) = (i.shard, i.person)
        WHERE p.state = 1
        """;

    private const string NextSql = "UPDATE numbers SET person = person + 1 RETURNING person";

    private const string PasswordSql = "SELECT password_hash FROM people WHERE shard = $1 AND person = $2 AND state > 0";

    private const string OneSql =
        "SELECT 0, person, handle, name, bio, created_unix_ms FROM people WHERE shard = $1 AND person = $2 AND state = 1 FOR UPDATE";

    private const string UpdateSql = "UPDATE people SET name = $3, bio = $4 WHERE shard = $1 AND person = $2";

    public static readonly Rejection NoSuchPerson = Rejection.NotFound("person");

    private static readonly Rejection HandleTaken = new(RejectionKind.Conflict, "handle_taken", "Another person has this handle.", "handle");

    private static readonly Rejection IdentityTaken = new(RejectionKind.Conflict, "identity_taken", "Another person has this identity.");

    public async ValueTask<Result<UserId>> AddAsync(NewPerson person, CancellationToken ct)
    {
        if (await joining.HolderAsync(person.Handle, ct) is not null)
            return HandleTaken;
        var id = await NextAsync(ct);
        return await joining.AddAsync(id, person, [], ct) == Joined.Here ? id : HandleTaken;
    }

    /// <summary>Visits of one identity that race help each other to an end: whoever has the handle is finished, and who loses looks again at who has
    /// the identity.</summary>
    public async ValueTask<Result<UserId>> JoinAsync(NewPerson person, TokenHash identity, CancellationToken ct)
    {
        var bytes = CredentialStore.Bytes(identity);
        for (var tries = 0; tries < JoinTriesMax; tries++)
        {
            if (await KnownAsync(identity, ct) is { } known)
                return known;
            if (await joining.HolderAsync(person.Handle, ct) is { } holder)
            {
                if (!await joining.HasIdentityAsync(holder, bytes, ct))
                    return await KnownAsync(identity, ct) is { } late ? late : HandleTaken;
                if (await joining.FinishAsync(holder, ct))
                    return holder;
                continue;
            }
            var id = await NextAsync(ct);
            if (await joining.AddAsync(id, person, bytes, ct) == Joined.Here)
                return id;
        }
        return HandleTaken;
    }

    public async ValueTask<Result<bool>> LinkAsync(UserId person, TokenHash identity, CancellationToken ct)
    {
        if (!await ExistsAsync(person, ct))
            return NoSuchPerson;
        var shard = Shard.Of(identity);
        return await writes.CommitAsync(
            shard, () => [Statement.Of(CredentialStore.ClosedSql).With(person.Value), Statement.Of(CredentialStore.GetSql).With(shard).With(CredentialStore.Bytes(identity))],
            async (answers, draft) =>
            {
                if (await answers.AnyAsync(CancellationToken.None))
                    return NoSuchPerson;
                if (await answers.OneAsync(CredentialStore.Read, CancellationToken.None) is { } known)
                    return known.Person == person ? (Result<bool>)false : IdentityTaken;
                draft.Stage(CredentialStore.Add(identity, new Credential(KeyKind.Identity, person, "", long.MaxValue)));
                return (Result<bool>)true;
            }, ct);
    }

    public async ValueTask<Result<Person>> UpdateAsync(UserId person, string name, string bio, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        return await writes.CommitAsync(shard, () => [Statement.Of(OneSql).With(shard).With(person.Value)], async (answers, draft) =>
        {
            if (await answers.OneAsync(Read, CancellationToken.None) is not { } now)
                return NoSuchPerson;
            var next = now with { Name = name, Bio = bio };
            if (next != now)
                draft.Stage(Statement.Of(UpdateSql).With(shard).With(person.Value).With(Statement.Utf8(name)).With(Statement.Utf8(bio)));
            return (Result<Person>)next;
        }, ct);
    }

    public async ValueTask GetAsync(ReadOnlyMemory<UserId> ids, Memory<Person?> into, CancellationToken ct)
    {
        var people = ids.ToArray();
        into.Span[..people.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(people, Shard.Of), GetSql, (command, places) => command.With(Array.ConvertAll(places, place => people[place].Value)),
            (row, place) => into.Span[place] = Read(row), ct);
    }

    public async ValueTask<bool> ExistsAsync(UserId person, CancellationToken ct) => (await AreHereAsync([person], ct))[0];

    public async ValueTask<UserId?> FindAsync(string handle, CancellationToken ct) =>
        await joining.HolderAsync(handle, ct) is { } holder && await IsSomebodyAsync(holder, ct) ? holder : null;

    public async ValueTask<byte[]> PasswordHashAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var found = await reads.OneAsync(shard, () => Statement.Of(PasswordSql).With(shard).With(person.Value), row => row.Bytes(0), ct);
        return found.Count == 0 ? [] : found[0];
    }

    /// <summary>Whether each of them is here and open.</summary>
    public async ValueTask<bool[]> AreHereAsync(UserId[] people, CancellationToken ct)
    {
        var here = new bool[people.Length];
        await reads.EachAsync(
            Array.ConvertAll(people, Shard.Of), ExistSql, (command, places) => command.With(Array.ConvertAll(places, place => people[place].Value)),
            (_, place) => here[place] = true, ct);
        return here;
    }

    private async ValueTask<bool> IsSomebodyAsync(UserId person, CancellationToken ct)
    {
        var into = new Person?[1];
        await GetAsync(new[] { person }, into, ct);
        return into[0] is not null;
    }

    /// <summary>The person who has the identity, once they are here.</summary>
    private async ValueTask<UserId?> KnownAsync(TokenHash identity, CancellationToken ct)
    {
        var shard = Shard.Of(identity);
        var found = await reads.OneAsync(
            shard, () => Statement.Of(CredentialStore.GetSql).With(shard).With(CredentialStore.Bytes(identity)), CredentialStore.Read, ct);
        return found is [{ Kind: KeyKind.Identity } credential] && await joining.FinishAsync(credential.Person, ct) ? credential.Person : null;
    }

    private async ValueTask<UserId> NextAsync(CancellationToken ct)
    {
        await using var command = servers.Home.CreateCommand(NextSql);
        return new UserId((long)(await command.ExecuteScalarAsync(ct))!);
    }

    private static Person Read(NpgsqlDataReader row) =>
        new(new UserId(row.GetInt64(1)), row.GetString(2), row.Text(3), row.Text(4), row.GetInt64(5));
}
