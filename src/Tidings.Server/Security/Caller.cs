using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Tidings.People;

namespace Tidings.Server.Security;

/// <summary>Who asks: bound by handlers as a parameter. One object serves all requests of a token while it is remembered.</summary>
public sealed class Caller : ClaimsPrincipal
{
    // What the framework wants of everybody is the same for all: a caller is made for each request that acts on behalf of someone.
    private static readonly ClaimsIdentity SharedIdentity = new(BearerHandler.SchemeName);
    private static readonly AuthenticationProperties SharedProperties = new();

    public Caller(TokenHash token, KeyKind kind, UserId person, long expiresUnixMs)
        : base(SharedIdentity)
    {
        Token = token;
        Kind = kind;
        Person = person;
        ExpiresUnixMs = expiresUnixMs;
        Ticket = AuthenticateResult.Success(new AuthenticationTicket(this, SharedProperties, BearerHandler.SchemeName));
    }

    public TokenHash Token { get; }

    public KeyKind Kind { get; }

    /// <summary>The person who acts, or for whom a service acts; 0 where nobody does.</summary>
    public UserId Person { get; }

    public bool IsPerson => Person.Value > 0;

    public long ExpiresUnixMs { get; }

    internal AuthenticateResult Ticket { get; }

    public Caller For(UserId person) => new(Token, Kind, person, ExpiresUnixMs);

    public static ValueTask<Caller?> BindAsync(HttpContext http) => new(http.User as Caller);
}
