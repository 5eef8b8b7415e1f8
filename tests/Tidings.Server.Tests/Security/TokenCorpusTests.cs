using System.Net;
using System.Text;
using Tidings.Client;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>An issuer, and a server that accepts its tokens.</summary>
public sealed class OutsideWorld : IAsyncLifetime
{
    private RunningServer _server = null!;

    internal Issuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await Issuer.StartAsync(TimeProvider.System);
        _server = await OutsideIssuerTests.OpenAsync(TimeProvider.System, Issuer, provision: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    internal TidingsClient As(string token) => _server.Anonymous.As(token);
}

public sealed class TokenCorpusTests(OutsideWorld world) : IClassFixture<OutsideWorld>
{
    /// <summary>Each is good but for one thing.</summary>
    public static TheoryData<string> Corpus =>
    [
        "no signature", "alg none", "alg None", "alg NONE", "none with a signature", "HS256 with the public key", "HS256 with nothing", "HS256 with the key's id",
        "RS256 renamed RS1", "RS256 renamed ES256", "EC key named as RSA", "unknown key", "key of another issuer", "a letter of the payload",
        "a letter of the signature", "the payload of another", "without the last part", "five parts", "empty", "two dots", "not base64", "not JSON", "another issuer",
        "the issuer with a slash", "no issuer", "another audience", "no audience", "audience in other case", "ended", "no end", "end is text",
        "not begun", "no subject", "empty subject", "a subject too long", "subject is a number list", "its own key inside", "a key address inside", "huge",
    ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public async Task A_token_with_one_thing_wrong_is_nobodys(string what)
    {
        Assert.Equal(200, await world.As(world.Issuer.Token()).StatusAsync("GET", "/v1/me"));
        var problem = await world.As(Make(what)).SendAsync("GET", "/v1/me").ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Contains(problem.Code, (string[])["invalid_token", "token_expired"]);
    }

    private string Make(string what)
    {
        var claims = world.Issuer.Claims();
        var good = world.Issuer.Rsa.Sign(claims);
        var parts = good.Split('.');
        string Unsigned(string algorithm) => $"{Signer.Part($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{parts[1]}.";
        string With(string claim, object? value)
        {
            if (value is null)
                claims.Remove(claim);
            else
                claims[claim] = value;
            return world.Issuer.Rsa.Sign(claims);
        }
        string Headed(string extra) => Resign($$"""{"alg":"RS256","kid":"stranger",{{extra}}}""", Signer.Rsa("stranger"), parts[1]);
        return what switch
        {
            "no signature" => $"{parts[0]}.{parts[1]}.",
            "alg none" => Unsigned("none"),
            "alg None" => Unsigned("None"),
            "alg NONE" => Unsigned("NONE"),
            "none with a signature" => $"{Unsigned("none")}{parts[2]}",
            "HS256 with the public key" => Signer.Hmac("rsa-1", Encoding.ASCII.GetBytes(world.Issuer.Rsa.Jwk["n"])).Sign(claims),
            "HS256 with nothing" => Signer.Hmac("rsa-1", []).Sign(claims),
            "HS256 with the key's id" => Signer.Hmac("rsa-1", "rsa-1"u8.ToArray()).Sign(claims),
            "RS256 renamed RS1" => world.Issuer.Rsa.Sign(claims, "RS1"),
            "RS256 renamed ES256" => world.Issuer.Rsa.Sign(claims, "ES256"),
            "EC key named as RSA" => world.Issuer.Ec.Sign(claims, keyId: "rsa-1"),
            "unknown key" => Signer.Rsa("rsa-9").Sign(claims),
            "key of another issuer" => Signer.Rsa("rsa-1").Sign(claims),
            "a letter of the payload" => $"{parts[0]}.{Changed(parts[1])}.{parts[2]}",
            "a letter of the signature" => $"{parts[0]}.{parts[1]}.{Changed(parts[2])}",
            "the payload of another" => $"{parts[0]}.{world.Issuer.Token("subject-2").Split('.')[1]}.{parts[2]}",
            "without the last part" => $"{parts[0]}.{parts[1]}",
            "five parts" => $"{good}.{parts[1]}.{parts[2]}",
            "empty" => "..",
            "two dots" => "a..b",
            "not base64" => $"{parts[0]}.%%%.{parts[2]}",
            "not JSON" => Resign(null, world.Issuer.Rsa, Signer.Part("hello")),
            "another issuer" => With("iss", "https://elsewhere.example"),
            "the issuer with a slash" => With("iss", world.Issuer.Url + "/"),
            "no issuer" => With("iss", null),
            "another audience" => With("aud", "other"),
            "no audience" => With("aud", null),
            "audience in other case" => With("aud", "Tidings"),
            "ended" => With("exp", world.Issuer.Seconds(-31)),
            "no end" => With("exp", null),
            "end is text" => With("exp", "tomorrow"),
            "not begun" => With("nbf", world.Issuer.Seconds(32)),
            "no subject" => With("sub", null),
            "empty subject" => With("sub", ""),
            "a subject too long" => With("sub", new string('a', 256)),
            "subject is a number list" => With("sub", Array.Empty<int>()),
            "its own key inside" => Headed($"\"jwk\":{System.Text.Json.JsonSerializer.Serialize(world.Issuer.Rsa.Jwk)}"),
            "a key address inside" => Headed($"\"jku\":\"{world.Issuer.Url}/keys\",\"x5u\":\"{world.Issuer.Url}/keys\""),
            "huge" => With("pad", new string('a', 9_000))[..^9],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static string Resign(string? header, Signer signer, string payload)
    {
        var signed = $"{Signer.Part(header ?? $$"""{"alg":"RS256","kid":"{{signer.KeyId}}"}""")}.{payload}";
        return $"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(signer.Seal(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Changed(string part)
    {
        var at = part.Length / 2;
        return $"{part[..at]}{(part[at] == 'A' ? 'B' : 'A')}{part[(at + 1)..]}";
    }
}
