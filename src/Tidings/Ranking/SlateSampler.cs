using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Tidings.People;

namespace Tidings.Ranking;

/// <summary>
/// Takes a sample of the pages that are served on their way to the record, without a reader ever waiting for it: slates go into a queue of
/// <see cref="QueueMax"/>, and where that is full they are dropped and counted. They are made once and used again.
/// </summary>
/// <param name="share">Of the pages, which are logged: 0 to 1.</param>
public sealed class SlateSampler(double share)
{
    public const int QueueMax = 256;

    private const ulong Salt = 0x7469_6469_6e67_7332;
    private static readonly Meter Meter = new("Tidings.Ranking");
    private static readonly Counter<long> Logged = Meter.CreateCounter<long>("tidings.ranking.slates", "{slate}", "Pages taken for the log of slates.");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "tidings.ranking.slates_dropped", "{slate}", "Pages that the log of slates had no room for.");

    private readonly ConcurrentQueue<Slate> _queue = new();
    private readonly ConcurrentBag<Slate> _spare = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private int _queued;

    public static SlateSampler Off { get; } = new(0);

    public bool Wants(UserId reader, long nowUnixMs) =>
        share > 0 && Mixing.Fraction(Mixing.Mix(Mixing.Mix((ulong)reader.Value ^ Salt) ^ (ulong)nowUnixMs)) < share;

    /// <summary>A slate to fill, for <see cref="Offer"/>.</summary>
    /// <returns>False where the queue is full: the page goes without.</returns>
    public bool TryRent([NotNullWhen(true)] out Slate? slate)
    {
        slate = null;
        if (Interlocked.Increment(ref _queued) > QueueMax)
        {
            Interlocked.Decrement(ref _queued);
            CountDropped(1);
            return false;
        }
        if (!_spare.TryTake(out slate))
            slate = new Slate();
        return true;
    }

    public void Offer(Slate slate)
    {
        Logged.Add(1);
        _queue.Enqueue(slate);
        _arrived.Release();
    }

    /// <summary>Waits for slates and takes those that are there.</summary>
    public async Task TakeAsync(ICollection<Slate> into, int max, CancellationToken ct)
    {
        await _arrived.WaitAsync(ct);
        while (_queue.TryDequeue(out var slate))
        {
            into.Add(slate);
            if (into.Count == max || !_arrived.Wait(0, CancellationToken.None))
                return;
        }
    }

    public static void CountDropped(int slates) => Dropped.Add(slates);

    /// <summary>The slate is stored, or given up, and may be filled again.</summary>
    public void Return(Slate slate)
    {
        _spare.Add(slate);
        Interlocked.Decrement(ref _queued);
    }
}
