using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Security;

/// <summary>
/// How often anybody may ask: people and keys each for themselves, whoever is unknown by address. A backend that acts for a person uses
/// another quota than the person. Every answer tells what is left; who is over it gets 429 with <c>Retry-After</c>.
/// </summary>
public sealed class RateLimits
{
    private const int Minute = 60, Hour = 3_600;

    private const string LimitHeader = "RateLimit", PolicyHeader = "RateLimit-Policy";

    /// <summary>What a key counts, in its upper bits: so that no two things share one.</summary>
    private const int SubjectShift = 60, ClassShift = 52;

    private enum Subject : byte { Person = 1, OnBehalf = 2, Key = 3, Network = 4, Handle = 5 }

    private readonly RateTable _table = new();
    private readonly RatePolicy?[] _policies = new RatePolicy?[(int)RouteClass.Anonymous + 1];
    private readonly TimeProvider _clock;

    public RateLimits(ServeOptions options, TimeProvider clock)
    {
        _clock = clock;
        // Attempts to sign in are limited always: they cost a core, and they guess.
        Limit(RouteClass.SignIn, options.SignInsPerAddress, Minute);
        Limit(RouteClass.Handle, options.SignInsPerHandle, Minute);
        if (options.NoRateLimits)
            return;
        Limit(RouteClass.Reads, options.ReadsPerMinute, Minute);
        Limit(RouteClass.Writes, options.WritesPerMinute, Minute);
        Limit(RouteClass.Live, options.LivePerMinute, Minute);
        Limit(RouteClass.Admin, options.AdminPerMinute, Minute);
        Limit(RouteClass.Anonymous, options.AnonymousPerMinute, Minute);
        Limit(RouteClass.Exports, options.ExportsPerHour, Hour);
    }

    /// <summary>Counts a request, and tells in its answer what is left.</summary>
    /// <param name="caller">Null for whoever could not say who they are.</param>
    internal bool Admits(HttpContext http, Caller? caller)
    {
        var counted = http.GetEndpoint()?.Metadata.GetMetadata<CountedAs>();
        if (counted is { Class: null })
            return true;
        var routeClass = counted?.Class ?? (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            ? RouteClass.Reads
            : RouteClass.Writes);
        var (subject, id) = caller is not null ? SubjectOf(caller) : (Subject.Network, NetworkOf(http.Connection.RemoteIpAddress));
        if (subject == Subject.Network && routeClass != RouteClass.SignIn)
            routeClass = RouteClass.Anonymous;
        if (_policies[(int)routeClass] is not { } policy)
            return true;

        var admitted = _table.TryTake(KeyOf(subject, policy, id), policy, _clock.GetTimestamp(), out var usedTicks);
        var headers = http.Response.Headers;
        headers[PolicyHeader] = policy.PolicyHeader;
        headers[LimitHeader] = policy.LeftHeader(usedTicks);
        if (!admitted)
            headers.RetryAfter = RetryAfter(policy, usedTicks).ToString(CultureInfo.InvariantCulture);
        return admitted;
    }

    /// <summary>Counts an attempt with a handle, from wherever it comes.</summary>
    /// <exception cref="TooBusyException">Too many attempts.</exception>
    public void CountHandle(string handle)
    {
        var policy = _policies[(int)RouteClass.Handle]!;
        if (!_table.TryTake(KeyOf(Subject.Handle, policy, (uint)handle.GetHashCode()), policy, _clock.GetTimestamp(), out var usedTicks))
        {
            throw new TooBusyException(
                StatusCodes.Status429TooManyRequests, TooManyAttempts.Code, TooManyAttempts.Detail, TimeSpan.FromSeconds(RetryAfter(policy, usedTicks)));
        }
    }

    internal static Task RefuseAsync(HttpContext http)
    {
        var signsIn = http.GetEndpoint()?.Metadata.GetMetadata<CountedAs>()?.Class == RouteClass.SignIn;
        return Problems.WriteAsync(http, signsIn ? TooManyAttempts : TooManyRequests, StatusCodes.Status429TooManyRequests);
    }

    private void Limit(RouteClass routeClass, int quota, int windowSeconds) =>
        _policies[(int)routeClass] = new RatePolicy(routeClass, quota, windowSeconds, _clock.TimestampFrequency);

    /// <summary>Seconds until one more request is taken.</summary>
    private long RetryAfter(RatePolicy policy, long usedTicks) =>
        Math.Max(1, (usedTicks + policy.IntervalTicks - policy.WindowTicks + _clock.TimestampFrequency - 1) / _clock.TimestampFrequency);

    private static (Subject Subject, ulong Id) SubjectOf(Caller caller) => caller switch
    {
        { IsPerson: false } => (Subject.Key, caller.Token.A),
        { Kind: KeyKind.Service } => (Subject.OnBehalf, (ulong)caller.Person.Value),
        _ => (Subject.Person, (ulong)caller.Person.Value),
    };

    private static ulong KeyOf(Subject subject, RatePolicy policy, ulong id) =>
        ((ulong)subject << SubjectShift) | ((ulong)policy.Class << ClassShift) | (id & ((1UL << ClassShift) - 1));

    /// <summary>Whoever has one IPv6 address has at least 2⁶⁴ of them: those count as one.</summary>
    private static ulong NetworkOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        var hash = new HashCode();
        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out var written);
        hash.AddBytes(bytes[..(plain.AddressFamily == AddressFamily.InterNetworkV6 ? written / 2 : written)]);
        return (uint)hash.ToHashCode();
    }

    private static readonly Rejection TooManyRequests =
        new(RejectionKind.LimitReached, "rate_limited", "Too many requests: see RateLimit-Policy, and wait as long as Retry-After says.");

    private static readonly Rejection TooManyAttempts =
        new(RejectionKind.LimitReached, "too_many_attempts", "Too many attempts: wait a little.");
}
