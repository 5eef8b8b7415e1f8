using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Tidings.Server.Security;

/// <summary>What a route costs, and so what it is counted with.</summary>
public enum RouteClass : byte { Reads = 1, Writes = 2, SignIn = 3, Handle = 4, Admin = 5, Live = 6, Exports = 7, Anonymous = 8 }

/// <summary>Tells which class a route is of, where its method doesn't: null is counted with nothing.</summary>
internal sealed class CountedAs(RouteClass? routeClass)
{
    public RouteClass? Class => routeClass;
}

/// <summary>
/// So much in so long, and the headers that say it (draft-ietf-httpapi-ratelimit-headers-10): <c>RateLimit-Policy: "reads";q=6000;w=60</c> and
/// <c>RateLimit: "reads";r=5940;t=1</c>. Of the second there are at most a hundred and one, made beforehand, so that telling costs nothing: what is
/// left is rounded down to a hundredth of the quota.
/// </summary>
/// <param name="quota">Requests in the window, all of them at once if need be.</param>
internal sealed class RatePolicy(RouteClass routeClass, int quota, int windowSeconds, long ticksPerSecond)
{
    private readonly StringValues[] _left = [.. Enumerable.Range(0, Math.Min(quota, 100) + 1).Select(level => Left(routeClass, quota, windowSeconds, level))];

    public RouteClass Class => routeClass;

    /// <summary>Ticks in which the whole quota comes back, and those in which one request does.</summary>
    public long WindowTicks { get; } = windowSeconds * ticksPerSecond;

    public long IntervalTicks { get; } = Math.Max(1, windowSeconds * ticksPerSecond / quota);

    public StringValues PolicyHeader { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{NameOf(routeClass)}\";q={quota};w={windowSeconds}");

    /// <param name="usedTicks">How long it takes until the whole quota is there again.</param>
    public StringValues LeftHeader(long usedTicks) =>
        _left[(int)Math.Clamp((WindowTicks - usedTicks) * (_left.Length - 1) / WindowTicks, 0, _left.Length - 1)];

    private static StringValues Left(RouteClass routeClass, int quota, int windowSeconds, int level)
    {
        var left = quota <= 100 ? level : (int)((long)quota * level / 100);
        var seconds = (int)Math.Ceiling((double)(quota - left) * windowSeconds / quota);
        return string.Create(CultureInfo.InvariantCulture, $"\"{NameOf(routeClass)}\";r={left};t={seconds}");
    }

    private static string NameOf(RouteClass routeClass) => routeClass == RouteClass.SignIn ? "sign-in" : routeClass.ToString().ToLowerInvariant();
}
