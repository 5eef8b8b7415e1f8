using Tidings.People;

namespace Tidings.Server.Hosting;

/// <summary>The first start makes the operator's key. Nobody has a default one, and the record keeps its hash only.</summary>
internal static class AdminKey
{
    /// <returns>The key, if it was made now: show it once.</returns>
    public static async Task<string?> EnsureAsync(ICredentialStore credentials, CancellationToken ct)
    {
        var keys = await credentials.KeysAsync(ct);
        if (keys.Any(k => k.Credential.Kind == KeyKind.Admin))
            return null;
        var key = Token.Make(Token.AdminPrefix);
        await credentials.AddAsync(Token.Hash(key), new Credential(KeyKind.Admin, default, "admin", long.MaxValue), ct);
        return key;
    }
}
