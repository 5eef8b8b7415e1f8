using System.Globalization;
using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Security;

/// <summary>
/// Tokens of an OpenID Connect issuer, beside our own. The issuer's keys are found by discovery and asked for again when a token names one that
/// isn't known. What a token must be: signed with one of <see cref="Algorithms"/> (never <c>none</c>, never with a shared secret), made by the
/// issuer, for our audience, with an end, in its time. Everything else it says is somebody else's text.
/// </summary>
internal sealed class OutsideIssuer
{
    /// <summary>As OpenID Connect has it.</summary>
    public const int SubjectCharsMax = 255;

    private const int AnswerBytesMax = 1_048_576;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5), RefreshEvery = TimeSpan.FromSeconds(30),
        KeysKeptFor = TimeSpan.FromHours(1), RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>With a private key only: whoever can check a token must not be able to make one.</summary>
    public static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly ServeOptions _options;
    private readonly TimeProvider _clock;
    private readonly OutsidePeople _people;
    private readonly ILogger _log;
    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _keys;
    private readonly TokenValidationParameters _rules;

    public OutsideIssuer(ServeOptions options, TimeProvider clock, OutsidePeople people, ILogger<OutsideIssuer> log)
    {
        (_options, _clock, _people, _log) = (options, clock, people, log);
        if (options.OidcIssuer.Length > 0)
            _keys = KeysOf(options.OidcIssuer);
        _rules = new TokenValidationParameters
        {
            ConfigurationManager = _keys,
            ValidAlgorithms = Algorithms,
            ValidAudience = options.OidcAudience,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromSeconds(options.OidcSkewSeconds),
            IssuerValidator = (issuer, _, _) => issuer == options.OidcIssuer ? issuer : throw new SecurityTokenInvalidIssuerException(),
            LifetimeValidator = (from, to, _, rules) => IsInTime(from, to, rules.ClockSkew),
        };
    }

    public bool Issued(ReadOnlySpan<char> token) => _keys is not null && !Token.IsOurs(token);

    /// <returns>The caller, or why there is none.</returns>
    /// <exception cref="TooBusyException">The issuer was never reached, so nobody's token can be told from a made up one.</exception>
    public async ValueTask<Result<Caller>> FindAsync(string text, CancellationToken ct)
    {
        await DiscoverAsync(ct);
        var result = await _tokens.ValidateTokenAsync(text, _rules);
        if (!result.IsValid)
            return result.Exception is SecurityTokenExpiredException ? Expired : Refused;
        if (result.SecurityToken is not JsonWebToken token || token.Subject is not { Length: > 0 and <= SubjectCharsMax } subject)
            return Refused;

        var identity = OutsideIdentity.Hash(_options.OidcIssuer, subject);
        if (await _people.FindAsync(identity, token, ct) is not { } person)
            return NotHere;
        var signedIn = token.TryGetPayloadValue<long>("auth_time", out var seconds) ? seconds * 1_000 : UnixMs(token.IssuedAt);
        return new Caller(identity, KeyKind.Identity, person, UnixMs(token.ValidTo)) { SignedInUnixMs = signedIn };
    }

    /// <summary>Adds to the errors what stands against the settings.</summary>
    public static void Check(ServeOptions options, ICollection<string> errors)
    {
        if (options.OidcIssuer.Length == 0)
        {
            if (options.OidcAudience.Length > 0 || options.OidcProvision)
                errors.Add("--oidc-audience and --oidc-provision say nothing without --oidc-issuer.");
            return;
        }
        if (options.OidcAudience.Length == 0)
            errors.Add("--oidc-issuer needs --oidc-audience: without it tokens made for others would be accepted.");
        if (!Uri.TryCreate(options.OidcIssuer, UriKind.Absolute, out var issuer) || (issuer.Scheme != Uri.UriSchemeHttps && !IsLoopback(options.OidcIssuer)))
            errors.Add($"--oidc-issuer is '{options.OidcIssuer}': it is an https address, or http on loopback.");
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> KeysOf(string issuer)
    {
        // Redirects could lead anywhere: the issuer says where its keys are.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = AnswerWithin,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
        return new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{issuer.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = !IsLoopback(issuer) })
        {
            RefreshInterval = RefreshEvery,
            AutomaticRefreshInterval = KeysKeptFor,
            // Keys that the issuer has withdrawn are worth nothing: the library would go on with the former ones for an hour.
            UseLastKnownGoodConfiguration = false,
        };
    }

    private async Task DiscoverAsync(CancellationToken ct)
    {
        try
        {
            await _keys!.GetConfigurationAsync(ct);
        }
        catch (InvalidOperationException e)
        {
            ServerLog.IssuerAway(_log, e, _options.OidcIssuer);
            throw new TooBusyException(
                StatusCodes.Status503ServiceUnavailable, "issuer_unavailable", "The issuer of this token can't be reached.", RetryAfter);
        }
    }

    private bool IsInTime(DateTime? from, DateTime? to, TimeSpan skew)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        if (to is not { } end || (from is { } begin && begin - skew > now))
            return false;
        return end + skew > now ? true : throw new SecurityTokenExpiredException();
    }

    private static long UnixMs(DateTime utc) => utc == DateTime.MinValue ? 0 : new DateTimeOffset(utc, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
        && (uri.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)));

    private static readonly Rejection Refused =
        new(RejectionKind.Unauthenticated, "invalid_token", "This token is not known here, or it is not one that the issuer made for this server.");

    private static readonly Rejection Expired = new(RejectionKind.Unauthenticated, "token_expired", "This token has ended: get another.");

    private static readonly Rejection NotHere =
        new(RejectionKind.Unauthenticated, "person_unknown", "The issuer knows you; here nobody has been given your identity yet.");
}
