using Tidings.Live;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Live;

/// <summary>Who may come in, and when all have to go. When the server begins to stop every client is told so; whoever hasn't gone
/// <see cref="GoodbyeMax"/> later is cut off.</summary>
internal sealed class LiveGate : IDisposable
{
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopped;
    private readonly CancellationTokenRegistration _stopping;
    private readonly HashSet<string> _origins;

    public LiveGate(ServeOptions options, LiveReaders readers, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        _origins = options.LiveOrigins.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        _stopped = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _stopping = lifetime.ApplicationStopping.Register(() =>
        {
            readers.EndAll();
            _stopped.CancelAfter(GoodbyeMax);
        });
    }

    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Browsers let every page open a WebSocket to every server, and say which page it is. Programs say nothing.</summary>
    /// <exception cref="RejectedException">A page that is neither this server's nor allowed.</exception>
    public void CheckOrigin(HttpContext http)
    {
        foreach (var origin in http.Request.Headers.Origin)
        {
            var own = Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && string.Equals(page.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase);
            if (!own && !_origins.Contains(origin!))
                throw new RejectedException(Refused);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _stopped.Dispose();
    }

    private static readonly Rejection Refused = new(
        RejectionKind.Forbidden, "origin_refused", "Pages of this origin may not open live connections here: see the option live-origins.");
}
