using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Tidings.Posts;

namespace Tidings.Server.Http;

/// <summary>
/// The <c>Idempotency-Key</c> of a request. Its fingerprint is the SHA-256 of what the request asks for: the route with its ids, and the body
/// as we read it, so white space and the order of members make no difference.
/// </summary>
internal static class Idempotency
{
    private const int UsualBytes = 2_048;

    public const string KeyHeader = "Idempotency-Key", ReplayedHeader = "Idempotency-Replayed";

    /// <returns>Null where the client sent no key.</returns>
    /// <exception cref="RejectedException">The key is empty, too long, or not printable ASCII.</exception>
    public static IdempotencyClaim? Claim<T>(HttpContext http, string? key, Body<T> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (key is null)
            return null;
        if (key.Length is 0 or > IdempotencyClaim.KeyCharsMax || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new RejectedException(Rejection.Invalid(
                KeyHeader, $"An idempotency key has 1 to {IdempotencyClaim.KeyCharsMax} printable characters without spaces."));

        using var asked = new PooledBytes(UsualBytes);
        asked.AddUtf8(http.Request.Method);
        asked.Add(" "u8);
        asked.AddUtf8(http.Request.Path.Value ?? "");
        asked.Add("\n"u8);
        asked.AddJson(body.Value, type);
        return new IdempotencyClaim(key, SHA256.HashData(asked.Written));
    }

    public static void Tell(HttpContext http, bool replayed)
    {
        if (replayed)
            http.Response.Headers[ReplayedHeader] = "true";
    }
}
