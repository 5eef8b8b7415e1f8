using Tidings.Embedded;
using Tidings.Feeds;

namespace Tidings.Server.Hosting;

/// <summary>
/// Now and then gives back what nobody needs: sessions, idempotency keys and events that have expired, each minute a stretch of them; the inboxes of
/// readers who have been away; and the room in the files that erased people took.
/// </summary>
internal sealed class Housekeeping(
    EmbeddedProfile profile, IInboxes inboxes, ServeOptions options, FailStop failStop, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    public const int DormantDays = 14;

    private const int SweepsPerRetirement = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            for (var sweep = 1; await timer.WaitForNextTickAsync(stoppingToken); sweep++)
            {
                await SweepAsync(stoppingToken);
                if (sweep % SweepsPerRetirement == 0)
                    await RetireAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("housekeeping", e);
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        try
        {
            await profile.SweepAsync(clock.GetUtcNow().ToUnixTimeMilliseconds(), ct);
            var erasedBefore = clock.GetUtcNow() - TimeSpan.FromHours(options.EraseHours);
            if (await profile.CompactErasedAsync(erasedBefore.ToUnixTimeMilliseconds(), ct) is > 0 and var people)
                ServerLog.ErasedCompacted(log, people);
        }
        catch (StorageFullException e)
        {
            ServerLog.SweepPutOff(log, e);
        }
    }

    private async Task RetireAsync(CancellationToken ct)
    {
        var dormantSince = clock.GetUtcNow() - TimeSpan.FromDays(DormantDays);
        var retired = await inboxes.RetireAsync(dormantSince.ToUnixTimeMilliseconds(), ct);
        if (retired > 0)
            ServerLog.InboxesRetired(log, retired, DormantDays);
    }
}
