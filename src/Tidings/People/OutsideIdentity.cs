using System.Security.Cryptography;
using System.Text;

namespace Tidings.People;

/// <summary>
/// Who somebody is at an OpenID Connect issuer, as a key: SHA-256 of the issuer's SHA-256 and the subject's. The record keeps neither text. What
/// is hashed has 64 bytes, more than any token of ours, so no token can be made that has the hash of an identity.
/// </summary>
public static class OutsideIdentity
{
    public static TokenHash Hash(string issuer, string subject)
    {
        Span<byte> both = stackalloc byte[2 * TokenHash.Bytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(issuer), both);
        SHA256.HashData(Encoding.UTF8.GetBytes(subject), both[TokenHash.Bytes..]);
        Span<byte> hash = stackalloc byte[TokenHash.Bytes];
        SHA256.HashData(both, hash);
        return TokenHash.From(hash);
    }
}
