using Tidings.Embedded;
using Tidings.Ranking;

namespace Tidings.Server.Hosting;

/// <summary>Brings sampled pages from the readers' queue into the record. Those that still wait when the server stops are left out: it is a sample.</summary>
internal sealed class SlateLoop(SlateSampler sampler, ISlateLog log, FailStop failStop, TimeProvider clock) : BackgroundService
{
    private const int BatchMax = 32;

    /// <summary>Between two batches that aren't full: nobody waits for a slate, and each batch costs a sync of the disk.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var batch = new List<Slate>(BatchMax);
        try
        {
            while (true)
            {
                await sampler.TakeAsync(batch, BatchMax, stoppingToken);
                await AppendAsync(batch, stoppingToken);
                var isFull = batch.Count == BatchMax;
                batch.ForEach(sampler.Return);
                batch.Clear();
                if (!isFull)
                    await Task.Delay(Rest, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("slates", e);
        }
    }

    /// <summary>Where the disk is full the log goes without these pages.</summary>
    private async Task AppendAsync(List<Slate> batch, CancellationToken ct)
    {
        try
        {
            await log.AppendAsync(batch, ct);
        }
        catch (StorageFullException)
        {
            SlateSampler.CountDropped(batch.Count);
        }
    }
}
