using Tidings.Feeds;

namespace Tidings.Server.Hosting;

/// <summary>Keeps the list of popular posts fresh.</summary>
internal sealed class PopularLoop(PopularPosts popular, TimeProvider clock, FailStop failStop) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
                await popular.StepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("popular", e);
        }
    }
}
