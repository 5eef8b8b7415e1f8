using Tidings.Embedded;

namespace Tidings.Server.Hosting;

/// <summary>Ends the process when the record fails, whether or not a request meets it.</summary>
internal sealed class RecordWatch(EmbeddedProfile profile, FailStop failStop) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            failStop.End("record", await profile.Failed.WaitAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }
}
