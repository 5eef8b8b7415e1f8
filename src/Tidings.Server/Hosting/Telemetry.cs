using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Tidings.Server.Admin;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.Hosting;

/// <summary>What an operator sees of the server itself; feeds and fan-out have their own meters.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    public const string MeterName = "Tidings.Server";

    private readonly Meter _meter;

    public Telemetry(IMeterFactory meters, ServerStatus status, PostFragments fragments, KnownCallers callers, Readiness readiness)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("tidings.fanout.backlog", () => status.FanOutLag, "{event}", "Events that the fan-out has yet to see to.");
        _meter.CreateObservableCounter("tidings.post_cache.hits", () => fragments.Hits, "{post}", "Posts that were ready to be sent.");
        _meter.CreateObservableCounter("tidings.post_cache.misses", () => fragments.Misses, "{post}", "Posts that had to be made.");
        _meter.CreateObservableGauge("tidings.post_cache.entries", () => fragments.Count, "{post}", "Posts kept ready to be sent.");
        _meter.CreateObservableGauge("tidings.session_cache.entries", () => callers.Count, "{caller}", "Callers known without asking the record.");
        _meter.CreateObservableGauge("tidings.ready", () => readiness.IsReady ? 1 : 0, "1", "1 while requests are taken.");
    }

    /// <summary>Nothing to start: the host makes it, and so its instruments are there.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}

internal static class TelemetryRegistration
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOpenTelemetry().ConfigureResource(r => r.AddService("tidings")).WithMetrics(metrics => metrics
            .AddMeter("Tidings.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services.AddHostedService<Telemetry>();
    }
}
