namespace Tidings.Server.Hosting;

/// <summary>Whether requests are welcome. Not before the server listens, and not from the moment on when it was told to stop.</summary>
public sealed class Readiness(FailStop failStop)
{
    private volatile bool _open;

    public bool IsReady => _open && !failStop.HasFailed;

    public void Open() => _open = true;

    public void Close() => _open = false;
}
