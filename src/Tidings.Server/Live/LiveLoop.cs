using Tidings.Live;
using Tidings.Server.Hosting;

namespace Tidings.Server.Live;

/// <summary>Runs what live connections need besides fan-out. If it fails clients would silently miss things, so the process ends.</summary>
internal sealed class LiveLoop(LiveFollower follower, LivePulse pulse, FailStop failStop, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await await Task.WhenAny(follower.RunAsync(stoppingToken), BeatAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("live updates", e);
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LivePulse.Interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
            pulse.Tick();
    }
}
