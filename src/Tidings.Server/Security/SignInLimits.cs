using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Security;

/// <summary>
/// How often an address may try to sign in or up, and how often anyone may try the password of one handle. Counted in a fixed number of
/// slots, by a hash that nobody outside can work out, so that no number of addresses or handles takes more memory.
/// </summary>
public sealed class SignInLimits : IDisposable
{
    private const int Slots = 16_384;

    private readonly PartitionedRateLimiter<int> _byAddress, _byHandle;

    public SignInLimits(ServeOptions options)
    {
        _byAddress = PerMinute(options.SignInsPerAddress);
        _byHandle = PerMinute(options.SignInsPerHandle);
    }

    /// <exception cref="TooBusyException">Too many attempts.</exception>
    public void CountAddress(HttpContext http) => Count(_byAddress, NetworkOf(http.Connection.RemoteIpAddress));

    /// <exception cref="TooBusyException">Too many attempts.</exception>
    public void CountHandle(string handle) => Count(_byHandle, handle.GetHashCode());

    public void Dispose()
    {
        _byAddress.Dispose();
        _byHandle.Dispose();
    }

    private static void Count(PartitionedRateLimiter<int> limiter, int hash)
    {
        using var lease = limiter.AttemptAcquire((int)((uint)hash % Slots));
        if (lease.IsAcquired)
            return;
        var retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
        throw new TooBusyException(
            StatusCodes.Status429TooManyRequests, "too_many_attempts", "Too many attempts: wait a little.", retryAfter);
    }

    private static PartitionedRateLimiter<int> PerMinute(int permits) => PartitionedRateLimiter.Create<int, int>(
        slot => RateLimitPartition.GetFixedWindowLimiter(slot, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = permits,
            Window = TimeSpan.FromMinutes(1),
        }));

    /// <summary>Whoever has one IPv6 address has at least 2⁶⁴ of them: those count as one.</summary>
    private static int NetworkOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        var hash = new HashCode();
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        hash.AddBytes(address.AddressFamily == AddressFamily.InterNetworkV6 && bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
        return hash.ToHashCode();
    }
}
