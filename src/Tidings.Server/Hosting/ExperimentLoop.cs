using Tidings.Embedded;
using Tidings.Feeds;

namespace Tidings.Server.Hosting;

/// <summary>Counts what happens in the experiment that runs, once a second.</summary>
internal sealed class ExperimentLoop(RunExperiments experiments, TimeProvider clock, FailStop failStop) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("experiments", e);
        }
    }

    /// <summary>Where the disk is full the next step stores what this one counted.</summary>
    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            await experiments.StepAsync(ct);
        }
        catch (StorageFullException)
        {
            return;
        }
    }
}
