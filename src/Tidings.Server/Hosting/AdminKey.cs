using Tidings.People;

namespace Tidings.Server.Hosting;

/// <summary>The first start makes the operator's key. Nobody has a default one, and the record keeps its hash only.</summary>
internal static class AdminKey
{
    /// <returns>The key, if it was made now: show it once.</returns>
    public static async Task<string?> EnsureAsync(ICredentialStore credentials, CancellationToken ct)
    {
        var keys = await credentials.KeysAsync(ct);
        return keys.Any(k => k.Credential.Kind == KeyKind.Admin) ? null : await MakeAsync(credentials, ct);
    }

    /// <summary>Makes another one and revokes those before: the new one first, so that there always is one.</summary>
    public static async Task<string> ReplaceAsync(ICredentialStore credentials, CancellationToken ct)
    {
        var before = await credentials.KeysAsync(ct);
        var key = await MakeAsync(credentials, ct);
        foreach (var (hash, credential) in before)
        {
            if (credential.Kind == KeyKind.Admin)
                await credentials.RemoveAsync(hash, ct);
        }
        return key;
    }

    private static async Task<string> MakeAsync(ICredentialStore credentials, CancellationToken ct)
    {
        var key = Token.Make(Token.AdminPrefix);
        await credentials.AddAsync(Token.Hash(key), new Credential(KeyKind.Admin, default, "admin", long.MaxValue), ct);
        return key;
    }
}
