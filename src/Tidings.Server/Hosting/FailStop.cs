using Tidings.Embedded;

namespace Tidings.Server.Hosting;

/// <summary>
/// What the process doesn't outlive: a record that failed, or a loop that ended. It is logged once, the server stops taking requests and ends
/// with <see cref="ExitCode"/>, so that whoever watches it starts it again.
/// </summary>
public sealed class FailStop(IHostApplicationLifetime lifetime, ILogger<FailStop> log)
{
    public const int ExitCode = 1;

    private int _failed;

    public bool HasFailed => Volatile.Read(ref _failed) != 0;

    /// <summary>Looks at what a request met: it may know before <see cref="RecordWatch"/> does.</summary>
    /// <returns>Whether it ends the process.</returns>
    public bool Saw(Exception e)
    {
        if (e is not (RecordFailedException or RecordDamagedException))
            return false;
        End("record", e);
        return true;
    }

    public void End(string part, Exception e)
    {
        if (Interlocked.Exchange(ref _failed, 1) != 0)
            return;
        ServerLog.PartFailed(log, e, part);
        lifetime.StopApplication();
    }
}
