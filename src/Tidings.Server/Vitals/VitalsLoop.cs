using Tidings.Server.Hosting;

namespace Tidings.Server.Vitals;

/// <summary>Takes a sample once a second.</summary>
internal sealed class VitalsLoop(VitalsSampler sampler, VitalsRing ring, TimeProvider clock, FailStop failStop) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                ring.Add(await sampler.TakeAsync(ring.Next, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("vitals", e);
        }
    }
}
