using System.Threading.RateLimiting;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Security;

/// <summary>
/// A password hash keeps a core busy for a tenth of a second on purpose. So that signing in can't starve the feeds, few are made at once, some
/// wait, the rest are sent away.
/// </summary>
public sealed class PasswordGate(ServeOptions options) : IDisposable
{
    public const int WaitingMax = 64;

    private readonly ConcurrencyLimiter _gate = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.PasswordHashes,
        QueueLimit = WaitingMax,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <exception cref="TooBusyException">Too many wait already.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken ct)
    {
        var lease = await _gate.AcquireAsync(1, ct);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new TooBusyException(
            StatusCodes.Status503ServiceUnavailable, "busy", "Too many people sign in at this moment.", TimeSpan.FromSeconds(2));
    }

    public void Dispose() => _gate.Dispose();
}
