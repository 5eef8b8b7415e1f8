namespace Tidings.People;

/// <summary>A person joins.</summary>
public sealed class SignUp(IPeopleStore people)
{
    /// <param name="password">Null for a person whom the product's own backend signs in.</param>
    public async ValueTask<Result<UserId>> ExecuteAsync(string handle, string name, string bio, string? password, CancellationToken ct)
    {
        if (PersonRules.Check(handle, name, bio) is { } wrong)
            return wrong;
        if (password is not null && PersonRules.CheckPassword(password) is { } weak)
            return weak;
        var hash = password is null ? [] : Password.Hash(password);
        return await people.AddAsync(new NewPerson(handle, name, bio, hash), ct);
    }
}

/// <param name="Token">Shown once; the record keeps its hash.</param>
public sealed record Session(string Token, UserId Person, long ExpiresUnixMs);

/// <summary>A person proves who they are and gets a session.</summary>
public sealed class SignIn(IPeopleStore people, ICredentialStore credentials, TimeProvider clock, SessionOptions options)
{
    public async ValueTask<Result<Session>> ExecuteAsync(string handle, string password, CancellationToken ct)
    {
        if (PersonRules.CheckPassword(password) is not null)
            return WrongCredentials;
        var person = await people.FindAsync(handle, ct);
        var stored = person is { } known ? await people.PasswordHashAsync(known, ct) : [];
        if (!Password.Verify(password, stored) || person is not { } id)
            return WrongCredentials;
        return await OpenAsync(id, ct);
    }

    /// <summary>A session for someone whose identity is already proven: just signed up, or vouched for by a service key.</summary>
    public async ValueTask<Session> OpenAsync(UserId person, CancellationToken ct)
    {
        var token = Token.Make(Token.SessionPrefix);
        var expires = (clock.GetUtcNow() + options.Lifetime).ToUnixTimeMilliseconds();
        await credentials.AddAsync(Token.Hash(token), new Credential(KeyKind.Session, person, "", expires), ct);
        return new Session(token, person, expires);
    }

    private static readonly Rejection WrongCredentials =
        new(RejectionKind.Unauthenticated, "wrong_credentials", "The handle or the password is wrong.");
}

public sealed class SessionOptions
{
    /// <summary>How long a session lasts. 1 minute to 90 days; default 24 hours.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);
}
