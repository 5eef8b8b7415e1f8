using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tidings.People;

/// <summary>
/// An opaque secret of 256 random bits behind a readable prefix that tells its kind, so that a leaked one can be recognised.
/// The record keeps the SHA-256 of it only.
/// </summary>
public static class Token
{
    public const string SessionPrefix = "tds_";
    public const string ServicePrefix = "tdk_";
    public const string AdminPrefix = "tda_";

    /// <summary>Characters of every token: the prefix and 43 of base64url.</summary>
    public const int Chars = 4 + 43;

    public static string Make(string prefix)
    {
        Span<byte> secret = stackalloc byte[32];
        RandomNumberGenerator.Fill(secret);
        return prefix + Base64Url.EncodeToString(secret);
    }

    /// <summary>Whether it looks like one of ours: what doesn't may be another issuer's.</summary>
    public static bool IsOurs(ReadOnlySpan<char> token) =>
        token.StartsWith(SessionPrefix) || token.StartsWith(ServicePrefix) || token.StartsWith(AdminPrefix);

    public static TokenHash Hash(ReadOnlySpan<char> token)
    {
        Span<byte> utf8 = stackalloc byte[Chars];
        if (!Encoding.UTF8.TryGetBytes(token, utf8, out var written))
            return default;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(utf8[..written], hash);
        return TokenHash.From(hash);
    }
}

/// <summary>SHA-256 of a token, as a key: 32 bytes. The default value is the hash of no token.</summary>
public readonly record struct TokenHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = 32;

    public static TokenHash From(ReadOnlySpan<byte> hash) => System.Runtime.InteropServices.MemoryMarshal.Read<TokenHash>(hash);

    public void CopyTo(Span<byte> into) => System.Runtime.InteropServices.MemoryMarshal.Write(into, in this);
}
