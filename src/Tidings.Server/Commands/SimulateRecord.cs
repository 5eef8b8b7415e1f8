using Spectre.Console;
using Tidings.Embedded;
using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary>The past of a simulated network, into the record of a stopped server.</summary>
internal static class SimulateRecord
{
    public static async Task RunAsync(
        SimulatedNetwork network, string data, int days, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var from = now.AddDays(-days);
        var options = RecordOpening.Options(data);
        await using var simulation = new StoppedServerSimulation(
            network, new ReplayClock(clock), (time, stop) => EmbeddedProfile.OpenAsync(options, time, null, stop));
        var view = new ProgressView(console, clock);
        await view.RunAsync("People and ties", "stored", report => Task.Run(
            async () =>
            {
                var stored = 0L;
                await simulation.SettleAsync(from, count => report(Math.Min(1, (stored += count) / SimulateReport.ExpectedTies(network)), stored), ct);
                return stored;
            }, ct));
        var started = clock.GetTimestamp();
        var counts = await view.RunAsync("Days", "actions", report => Task.Run(
            () => simulation.LiveAsync(from, now, c => report(SimulateReport.Passed(c, from, now), c.Actions), ct), ct));
        SimulateReport.Write(console.Profile.Out.Writer, counts, clock.GetElapsedTime(started));
    }
}
