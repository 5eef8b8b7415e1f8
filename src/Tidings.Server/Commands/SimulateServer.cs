using Spectre.Console;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary>The present of a simulated network, in a running server.</summary>
internal static class SimulateServer
{
    private const string KeyName = "tidings simulate";

    public static async Task RunAsync(
        SimulatedNetwork network, Uri server, string? adminKey, string? serviceKey, double speed, int days,
        IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = server };
        var client = new TidingsClient(http);
        var made = serviceKey is null ? await client.As(adminKey).MakeKeyAsync(KeyName, ct) : null;
        try
        {
            var simulation = new RunningServerSimulation(network, speed, client, adminKey, serviceKey ?? made!.Key, clock);
            await RunAsync(simulation, network, days, console, clock, ct);
        }
        finally
        {
            if (made is not null)
                await client.As(adminKey).RevokeKeyAsync(made.Id, CancellationToken.None);
        }
    }

    private static async Task RunAsync(
        RunningServerSimulation simulation, SimulatedNetwork network, int days, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var view = new ProgressView(console, clock);
        await view.RunAsync("People and ties", "stored", async report =>
        {
            var stored = 0L;
            await simulation.SettleAsync(count => report(Math.Min(1, (stored += count) / SimulateReport.ExpectedTies(network)), stored), ct);
            return stored;
        });
        var (from, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var (counts, refusals) = await view.RunAsync("Days", "actions", report => simulation.LiveAsync(
            TimeSpan.FromDays(days), c => report(SimulateReport.Passed(c, from, from.AddDays(days)), c.Actions), ct));
        SimulateReport.Write(console.Profile.Out.Writer, counts, clock.GetElapsedTime(started));
        foreach (var refusal in refusals)
            console.Profile.Out.Writer.WriteLine($"  refused: {refusal}");
    }
}
