using Tidings.People;

namespace Tidings.Server.Security;

/// <summary>Who asks: bound by handlers as a parameter. One object serves all requests of a token while it is remembered.</summary>
/// <param name="Person">The person who acts, or for whom a service acts; 0 where nobody does.</param>
public sealed record Caller(TokenHash Token, KeyKind Kind, UserId Person, long ExpiresUnixMs)
{
    /// <summary>When an outside issuer last saw the person, 0 where it doesn't say.</summary>
    public long SignedInUnixMs { get; init; }

    public bool IsPerson => Person.Value > 0;

    public Caller For(UserId person) => this with { Person = person };

    public static ValueTask<Caller?> BindAsync(HttpContext http) => new(http.Features.Get<Caller>());
}
