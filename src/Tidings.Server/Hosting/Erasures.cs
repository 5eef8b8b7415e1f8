using Tidings.Embedded;
using Tidings.Live;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Server.Posts;
using Tidings.Server.Security;

namespace Tidings.Server.Hosting;

/// <summary>
/// Erases people: closes them at once, so that whoever asked can be answered, and does the rest one after the other. What a stop or a crash leaves is
/// taken up by the next start.
/// </summary>
internal sealed class Erasures(
    ErasePerson erase, KnownCallers callers, PostFragments fragments, LiveReaders live, ServeOptions options, FailStop failStop, TimeProvider clock,
    ILogger<Erasures> log) : BackgroundService
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asked = new(0);

    /// <returns>False where there is no such person.</returns>
    public async ValueTask<bool> CloseAsync(UserId person, CancellationToken ct)
    {
        if (!await erase.CloseAsync(person, ct))
            return false;
        callers.Forget(person);
        live.Recheck(person);
        _asked.Release();
        return true;
    }

    public override void Dispose()
    {
        _asked.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                if (await FinishAsync(stoppingToken))
                    await _asked.WaitAsync(stoppingToken);
                else
                    await Task.Delay(AgainAfter, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            failStop.End("erasure", e);
        }
    }

    /// <returns>False where the disk is full: what is left waits.</returns>
    private async Task<bool> FinishAsync(CancellationToken ct)
    {
        try
        {
            foreach (var person in await erase.FinishAsync(ct))
            {
                fragments.Forget(person);
                ServerLog.PersonErased(log, person.ToString(), options.EraseHours);
            }
            return true;
        }
        catch (StorageFullException e)
        {
            ServerLog.SweepPutOff(log, e);
            return false;
        }
    }
}
