using System.Security.Cryptography;

namespace Tidings.People;

/// <summary>
/// Password hashes: PBKDF2 with HMAC-SHA-512 and a salt of 16 random bytes; 210,000 rounds (OWASP Password Storage Cheat Sheet, 2023).
/// <code>version (1, = 1) │ rounds (4, little endian) │ salt (16) │ hash (32)</code>
/// </summary>
public static class Password
{
    public const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const int TotalBytes = 1 + 4 + SaltBytes + HashBytes;

    public static byte[] Hash(string password)
    {
        var stored = new byte[TotalBytes];
        stored[0] = 1;
        BitConverter.TryWriteBytes(stored.AsSpan(1), Rounds);
        RandomNumberGenerator.Fill(stored.AsSpan(5, SaltBytes));
        Rfc2898DeriveBytes.Pbkdf2(password, stored.AsSpan(5, SaltBytes), stored.AsSpan(5 + SaltBytes), Rounds, HashAlgorithmName.SHA512);
        return stored;
    }

    /// <summary>False for a wrong password and for a person without one; both take the time of a whole hash.</summary>
    public static bool Verify(string password, ReadOnlySpan<byte> stored)
    {
        var known = stored.Length == TotalBytes && stored[0] == 1;
        Span<byte> actual = stackalloc byte[HashBytes];
        Span<byte> noSalt = stackalloc byte[SaltBytes];
        noSalt.Clear();
        var rounds = known ? BitConverter.ToInt32(stored[1..]) : Rounds;
        Rfc2898DeriveBytes.Pbkdf2(password, known ? stored.Slice(5, SaltBytes) : noSalt, actual, rounds, HashAlgorithmName.SHA512);
        return known && CryptographicOperations.FixedTimeEquals(actual, stored[(5 + SaltBytes)..]);
    }
}
