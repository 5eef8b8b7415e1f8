using Tidings.FanOut;

namespace Tidings.Server.Hosting;

/// <summary>Runs the fan-out. If it fails feeds would silently go stale, so the process ends.</summary>
internal sealed class FanOutLoop(FanOutWorker worker, FailStop failStop) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await worker.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("fan-out", e);
        }
    }
}
