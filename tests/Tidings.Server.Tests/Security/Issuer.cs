using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tidings.Server.Tests.Security;

/// <summary>An OpenID Connect issuer on a port of its own, with real keys: discovery, key set, and whatever token a test wants.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _clock;
    private volatile Signer[] _keys;
    private int _keySetsServed;

    private Issuer(WebApplication app, TimeProvider clock)
    {
        (_app, _clock) = (app, clock);
        _keys = [Signer.Rsa("rsa-1"), Signer.Ec("ec-1")];
    }

    public string Url => _app.Urls.First();

    public Signer Rsa => _keys[0];

    public Signer Ec => _keys[1];

    public int KeySetsServed => _keySetsServed;

    public bool IsAway { get; set; }

    public static async Task<Issuer> StartAsync(TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var issuer = new Issuer(builder.Build(), clock);
        issuer._app.Run(issuer.AnswerAsync);
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Other keys from now on; tokens of the former ones are worth nothing any more.</summary>
    public void Rotate() => _keys = [Signer.Rsa("rsa-2"), Signer.Ec("ec-2")];

    /// <summary>The claims of a good token, changed by the test.</summary>
    public Dictionary<string, object> Claims(string subject = "subject-1") => new()
    {
        ["iss"] = Url,
        ["aud"] = "tidings",
        ["sub"] = subject,
        ["iat"] = Seconds(0),
        ["nbf"] = Seconds(0),
        ["exp"] = Seconds(600),
    };

    public long Seconds(int fromNow) => _clock.GetUtcNow().ToUnixTimeSeconds() + fromNow;

    public string Token(string subject = "subject-1") => Rsa.Sign(Claims(subject));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext http)
    {
        if (IsAway)
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        }
        http.Response.ContentType = "application/json";
        if (http.Request.Path == "/.well-known/openid-configuration")
            return http.Response.WriteAsync(JsonSerializer.Serialize(new { issuer = Url, jwks_uri = $"{Url}/keys" }));
        Interlocked.Increment(ref _keySetsServed);
        return http.Response.WriteAsync(JsonSerializer.Serialize(new { keys = _keys.Select(k => k.Jwk) }));
    }
}

/// <summary>A private key, and tokens as they are made with it: by hand, so that the wrong ones can be made too.</summary>
internal sealed record Signer(string KeyId, string Algorithm, IReadOnlyDictionary<string, string> Jwk, Func<byte[], byte[]> Seal)
{
    public static Signer Rsa(string keyId)
    {
        var rsa = RSA.Create(2048);
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return new Signer(keyId, "RS256", new Dictionary<string, string>
        {
            ["kty"] = "RSA", ["use"] = "sig", ["kid"] = keyId, ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
        }, data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static Signer Ec(string keyId)
    {
        var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = ec.ExportParameters(includePrivateParameters: false);
        return new Signer(keyId, "ES256", new Dictionary<string, string>
        {
            ["kty"] = "EC", ["use"] = "sig", ["crv"] = "P-256", ["kid"] = keyId,
            ["x"] = Base64Url.EncodeToString(key.Q.X), ["y"] = Base64Url.EncodeToString(key.Q.Y),
        }, data => ec.SignData(data, HashAlgorithmName.SHA256));
    }

    /// <summary>A shared secret: what somebody knows who has seen the public key, or nothing at all.</summary>
    public static Signer Hmac(string keyId, byte[] secret) =>
        new(keyId, "HS256", new Dictionary<string, string>(), data => HMACSHA256.HashData(secret, data));

    public string Sign(IReadOnlyDictionary<string, object> claims, string? algorithm = null, string? keyId = null)
    {
        var header = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["alg"] = algorithm ?? Algorithm, ["kid"] = keyId ?? KeyId, ["typ"] = "JWT",
        });
        var signed = $"{Part(header)}.{Part(JsonSerializer.Serialize(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(Seal(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
