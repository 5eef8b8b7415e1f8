using System.Threading.Tasks.Sources;

namespace Tidings.Embedded.Record;

/// <summary>One decision on its way through the writer: queued, then taken or cancelled, then answered once.</summary>
internal abstract class Request
{
    private const int Queued = 0, Taken = 1, Cancelled = 2;
    private int _state = Queued;
    private CancellationTokenRegistration _cancellation;

    protected CancellationToken Token { get; private set; }

    public void CancelBy(CancellationToken ct)
    {
        Token = ct;
        if (ct.CanBeCanceled)
        {
            _cancellation = ct.UnsafeRegister(static request =>
            {
                var self = (Request)request!;
                if (Interlocked.CompareExchange(ref self._state, Cancelled, Queued) == Queued)
                    Answers.Send([self], new OperationCanceledException(self.Token));
            }, this);
        }
    }

    /// <returns>False where the caller cancelled before.</returns>
    public bool TryTake()
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Queued) != Queued)
            return false;
        _cancellation.Unregister();
        return true;
    }

    public abstract void Decide(Draft draft);

    /// <summary>The answer of the decision leaves.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception why);
}

internal sealed class Request<TState, T>(TState state, Func<Draft, TState, T> decide) : Request, IValueTaskSource<T>
{
    // Not readonly: a mutable struct. Callers go on where they are answered: see Answers.
    private ManualResetValueTaskSourceCore<T> _answer;
    private T _decided = default!;
    private Exception? _error;

    public ValueTask<T> Answer => new(this, _answer.Version);

    public override void Decide(Draft draft)
    {
        var staged = draft.Staged;
        try
        {
            _decided = decide(draft, state);
        }
        catch (Exception e) when (draft.Staged == staged)
        {
            _error = e;
        }
    }

    public override void Complete()
    {
        if (_error is null)
            _answer.SetResult(_decided);
        else
            _answer.SetException(_error);
    }

    public override void Fail(Exception why) => _answer.SetException(why);

    public T GetResult(short token) => _answer.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _answer.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);
}
