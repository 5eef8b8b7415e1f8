namespace Tidings.People;

/// <summary>People and how they prove who they are. The record decides who gets a handle.</summary>
public interface IPeopleStore
{
    /// <returns>The new person's id; rejected with <c>handle_taken</c> where another holds the handle.</returns>
    ValueTask<Result<UserId>> AddAsync(NewPerson person, CancellationToken ct);

    /// <summary>The person of an outside identity: the one who has it, else a new one.</summary>
    /// <returns>Rejected with <c>handle_taken</c> where a new one's handle is another's.</returns>
    ValueTask<Result<UserId>> JoinAsync(NewPerson person, TokenHash identity, CancellationToken ct);

    /// <summary>Gives a person who is here an outside identity.</summary>
    /// <returns>False where they had it; rejected with <c>identity_taken</c> where another has it.</returns>
    ValueTask<Result<bool>> LinkAsync(UserId person, TokenHash identity, CancellationToken ct);

    /// <summary>Changes what a person says of themselves; the handle stays.</summary>
    ValueTask<Result<Person>> UpdateAsync(UserId person, string name, string bio, CancellationToken ct);

    /// <summary>Fills <paramref name="into"/> in the order of <paramref name="ids"/>, null where there is no such person.</summary>
    ValueTask GetAsync(ReadOnlyMemory<UserId> ids, Memory<Person?> into, CancellationToken ct);

    ValueTask<bool> ExistsAsync(UserId person, CancellationToken ct);

    ValueTask<UserId?> FindAsync(string handle, CancellationToken ct);

    /// <returns>What <see cref="Password.Hash"/> made; empty for a person without a password and for no person.</returns>
    ValueTask<byte[]> PasswordHashAsync(UserId person, CancellationToken ct);
}

public enum KeyKind : byte
{
    /// <summary>A person signed in.</summary>
    Session = 1,
    /// <summary>A product's backend, acting for people.</summary>
    Service = 2,
    /// <summary>The operator.</summary>
    Admin = 3,
    /// <summary>No token: stands for a subject of an outside issuer, see <see cref="OutsideIdentity"/>, until it is removed.</summary>
    Identity = 4,
}

/// <param name="Person">The person of a session or an identity; 0 for other kinds.</param>
/// <param name="Name">What the operator calls a service key; empty for sessions.</param>
/// <param name="ExpiresUnixMs"><see cref="long.MaxValue"/> for never.</param>
public sealed record Credential(KeyKind Kind, UserId Person, string Name, long ExpiresUnixMs);

/// <summary>Sessions and keys by the hash of their token.</summary>
public interface ICredentialStore
{
    ValueTask AddAsync(TokenHash token, Credential credential, CancellationToken ct);

    /// <returns>Null for an unknown token; an expired one comes back as stored, the caller looks at the clock.</returns>
    ValueTask<Credential?> FindAsync(TokenHash token, CancellationToken ct);

    ValueTask RemoveAsync(TokenHash token, CancellationToken ct);

    /// <summary>All service and admin keys: the operator makes them, so they are few. Sessions are not among them.</summary>
    ValueTask<IReadOnlyList<(TokenHash Token, Credential Credential)>> KeysAsync(CancellationToken ct);

    /// <summary>Ends every session of a person; identities stay.</summary>
    ValueTask RemoveAllAsync(UserId person, CancellationToken ct);
}
