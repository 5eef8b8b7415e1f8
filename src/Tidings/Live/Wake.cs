using System.Threading.Tasks.Sources;

namespace Tidings.Live;

/// <summary>
/// Wakes the one who waits, or lets the next wait pass at once. Waking costs an exchange and, where someone waits, a work item of the
/// pool: the waker never runs what it wakes. Waiting allocates nothing.
/// </summary>
internal sealed class Wake : IValueTaskSource
{
    private const int Idle = 0, Waiting = 1, Called = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    public void Call()
    {
        if (Interlocked.Exchange(ref _state, Called) != Waiting)
            return;
        Volatile.Write(ref _state, Idle);
        _core.SetResult(true);
    }

    /// <summary>For one at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
