namespace Tidings.Embedded.Record;

/// <summary>
/// Some of a group's answers on their way out, on a thread of the pool: the writer's thread is the writer's. The callers of one go on one after the other,
/// each as far as it goes without waiting: for a request that is until its answer has left. Each by itself would wake a thread and be queued,
/// which takes about as long; all in one would leave the other cores with nothing to do. So nobody who goes on here may block until another is answered.
/// </summary>
internal sealed class Answers : IThreadPoolWorkItem
{
    private const int AtOnceMax = 8;

    private readonly Request[] _requests;
    private readonly Exception? _failure;

    private Answers(Request[] requests, Exception? failure) => (_requests, _failure) = (requests, failure);

    /// <param name="failure">Null where each has its own answer.</param>
    public static void Send(IReadOnlyList<Request> requests, Exception? failure = null)
    {
        for (var from = 0; from < requests.Count; from += AtOnceMax)
        {
            var some = new Request[Math.Min(AtOnceMax, requests.Count - from)];
            for (var i = 0; i < some.Length; i++)
                some[i] = requests[from + i];
            ThreadPool.UnsafeQueueUserWorkItem(new Answers(some, failure), preferLocal: false);
        }
    }

    public void Execute()
    {
        foreach (var request in _requests)
        {
            if (_failure is null) request.Complete();
            else request.Fail(_failure);
        }
    }
}
