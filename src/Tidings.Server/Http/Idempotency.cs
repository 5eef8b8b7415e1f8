using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidings.Posts;

namespace Tidings.Server.Http;

/// <summary>
/// The <c>Idempotency-Key</c> of a request. Its fingerprint is the SHA-256 of what the request asks for: the route with its ids, and the body
/// as we read it, so white space and the order of members make no difference.
/// </summary>
internal static class Idempotency
{
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

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n"));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(body.Value, type));
        return new IdempotencyClaim(key, hash.GetHashAndReset());
    }

    public static void Tell(HttpContext http, bool replayed)
    {
        if (replayed)
            http.Response.Headers[ReplayedHeader] = "true";
    }
}
