using System.Collections.Concurrent;

namespace Tidings.Feeds;

/// <summary>
/// Things that are used again. Each core has one of its own that is taken first: it lies in that core's caches, where one that another core has
/// just written would have to be fetched line by line. It is a guess, for a thread may change cores; what doesn't fit is shared.
/// </summary>
/// <param name="sharedMax">Things that wait beside those of the cores.</param>
internal sealed class CorePool<T>(int sharedMax)
    where T : class
{
    /// <summary>References from one core's place to the next one's: a cache line and more.</summary>
    private const int Apart = 16;

    private readonly T?[] _ofCore = new T?[(Environment.ProcessorCount + 1) * Apart];
    private readonly ConcurrentStack<T> _shared = new();

    /// <returns>Null where there is none: make one.</returns>
    public T? Take() => Interlocked.Exchange(ref OfCore, null) ?? (_shared.TryPop(out var thing) ? thing : null);

    public void Return(T thing)
    {
        if (Interlocked.CompareExchange(ref OfCore, thing, null) is not null && _shared.Count < sharedMax)
            _shared.Push(thing);
    }

    private ref T? OfCore => ref _ofCore[Apart * (1 + Thread.GetCurrentProcessorId() % Environment.ProcessorCount)];
}
