using BitFaster.Caching.Lru;
using Tidings.Embedded;
using Tidings.People;
using Tidings.Server.Hosting;

namespace Tidings.Server.Security;

/// <summary>
/// Tokens to callers, the lately seen ones from memory. A token that was revoked is forgotten at once: whoever was reading it from the record
/// meanwhile sees that something was forgotten, and keeps nothing.
/// </summary>
public sealed class KnownCallers(ICredentialStore credentials, ServeOptions options)
{
    private readonly ConcurrentTLru<TokenHash, Caller> _known = new(
        Environment.ProcessorCount, options.SessionCacheEntries, EqualityComparer<TokenHash>.Default, TimeSpan.FromSeconds(options.SessionCacheSeconds));

    private long _forgotten;

    public int Count => _known.Count;

    public CacheFigures Figures => new(Count, options.SessionCacheEntries, _known.Metrics.Value!.Hits, _known.Metrics.Value!.Misses);

    /// <returns>Null for an unknown token. Whether it has expired is for the caller of this to look at.</returns>
    public ValueTask<Caller?> FindAsync(ReadOnlySpan<char> token, CancellationToken ct)
    {
        var hash = Token.Hash(token);
        return _known.TryGet(hash, out var caller) ? new ValueTask<Caller?>(caller) : ReadAsync(hash, ct);
    }

    /// <summary>Call it after the token is gone from the record.</summary>
    public void Forget(TokenHash token)
    {
        Interlocked.Increment(ref _forgotten);
        _known.TryRemove(token);
    }

    /// <summary>Call it after all of a person's sessions are gone from the record.</summary>
    public void Forget(UserId person)
    {
        Interlocked.Increment(ref _forgotten);
        foreach (var (hash, caller) in _known)
        {
            if (caller.Person == person)
                _known.TryRemove(hash);
        }
    }

    private async ValueTask<Caller?> ReadAsync(TokenHash hash, CancellationToken ct)
    {
        var forgotten = Interlocked.Read(ref _forgotten);
        if (await credentials.FindAsync(hash, ct) is not { Kind: not KeyKind.Identity } credential)
            return null;
        var caller = new Caller(hash, credential.Kind, credential.Person, credential.ExpiresUnixMs);
        _known.AddOrUpdate(hash, caller);
        if (Interlocked.Read(ref _forgotten) != forgotten)
            _known.TryRemove(hash);
        return caller;
    }
}
