using System.Reflection;
using Tidings.Client.Wire;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Server.Hosting;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.Admin;

/// <summary>How the server is, in figures.</summary>
internal sealed class ServerStatus(
    Readiness readiness, ServeOptions options, IEventLog events, FanOutWorker fanOut, PostFragments fragments, KnownCallers callers,
    TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();

    public static string Version { get; } =
        typeof(ServerStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Events that the fan-out has yet to see to.</summary>
    public long FanOutLag => Math.Max(0, events.End - fanOut.Position) + fanOut.Waiting;

    public StatusView Now() => new(
        Version, readiness.IsReady, options.Durability.ToString().ToLowerInvariant(), (long)clock.GetElapsedTime(_began).TotalSeconds,
        events.End, fanOut.Position, FanOutLag, fragments.Count, callers.Count);
}
