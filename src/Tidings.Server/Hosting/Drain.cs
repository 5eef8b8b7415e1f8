namespace Tidings.Server.Hosting;

/// <summary>
/// The two ends of taking requests. At the start, ready once everything runs; at the stop, <c>/readyz</c> says no first, requests are still taken
/// for a while, and only then the server closes its ears: whoever spreads requests has time to notice.
/// </summary>
internal sealed class Drain(Readiness readiness, FailStop failStop, ServeOptions options, TimeProvider clock, ILogger<Drain> log)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        readiness.Open();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Close();
        ServerLog.Stopping(log, options.DrainSeconds);
        if (options.DrainSeconds > 0 && !failStop.HasFailed)
            await Task.Delay(TimeSpan.FromSeconds(options.DrainSeconds), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
