using Tidings.Embedded;
using Tidings.Notifications;
using Tidings.Server.Hosting;

namespace Tidings.Server.Notifications;

/// <summary>Tells people what others did. While the disk is full nothing can be told: it tries again. If it fails otherwise the process ends.</summary>
internal sealed class NotificationLoop(NotificationWorker worker, FailStop failStop, TimeProvider clock, ILogger<NotificationLoop> log) : BackgroundService
{
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await worker.RunAsync(stoppingToken);
            }
            catch (StorageFullException e)
            {
                ServerLog.NotificationsPutOff(log, e);
                await Task.Delay(FullPause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                failStop.End("notifications", e);
                return;
            }
        }
    }
}
