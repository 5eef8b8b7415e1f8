using System.Diagnostics.Metrics;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Live;
using Tidings.Server.Hosting;

namespace Tidings.Server.Live;

/// <summary>The parts of live updates.</summary>
internal static class LiveParts
{
    public static IServiceCollection AddLive(this IServiceCollection services, ServeOptions options)
    {
        return services
            .AddSingleton(new LiveOptions
            {
                ConnectionsMax = options.LiveConnections,
                ConnectionsPerReaderMax = options.LiveConnectionsPerPerson,
            })
            .AddSingleton<LiveReaders>()
            .AddSingleton<LiveCounters>()
            .AddSingleton<LiveSight>()
            .AddSingleton<LiveRelay>()
            .AddSingleton<LivePulse>()
            .AddSingleton<IAnnouncer, Announcer>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<LiveFollower>(s, s.GetRequiredService<IEventLog>().End))
            .AddSingleton<LiveTickets>()
            .AddSingleton<LiveGate>()
            .AddHostedService<LiveLoop>()
            .AddHostedService<LiveGauges>();
    }

    /// <summary>On the live route alone: every other request is spared what sockets need.</summary>
    public static void UseLiveSockets(this IApplicationBuilder app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments(LiveEndpoints.Path), live => live.UseWebSockets());

    private sealed class LiveGauges : IHostedService
    {
        public LiveGauges(IMeterFactory meters, LiveReaders readers, LiveCounters counters)
        {
            var meter = meters.Create(Telemetry.MeterName);
            meter.CreateObservableGauge("tidings.live.connections", () => readers.Connections, "{connection}", "Open live connections.");
            meter.CreateObservableGauge("tidings.live.readers", () => readers.Count, "{reader}", "Readers who are or lately were connected.");
            meter.CreateObservableGauge("tidings.live.watched", () => counters.Posts, "{post}", "Posts that somebody has on a screen.");
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
