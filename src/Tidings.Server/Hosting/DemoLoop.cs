using Tidings.Server.Demo;

namespace Tidings.Server.Hosting;

/// <summary>Lets the demo's people go on posting for as long as the server runs.</summary>
internal sealed class DemoLoop(FailStop failStop) : BackgroundService
{
    /// <summary>Set before the host starts; null where there is no demo.</summary>
    public DemoNetwork? Network { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            if (Network is not null)
                await Network.LiveAsync(stoppingToken);
        }
        catch (Exception e)
        {
            failStop.End("demo", e);
        }
    }
}
