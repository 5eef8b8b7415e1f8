using BitFaster.Caching.Lru;

namespace Tidings.Embedded.Record;

/// <summary>
/// The lately used rows of a table, which never answers with something older than the newest commit:
/// 1. A reader that finds nothing notes how many commits its stripe has seen, reads the disk, and keeps what it read only if the
///    stripe has seen no other commit meanwhile.
/// 2. The writer, after each commit and before anyone is answered, counts it on the stripe and replaces what is kept.
/// Both happen under the stripe's lock; reading the disk does not.
/// </summary>
/// <param name="isKept">Which rows are worth their memory; null for all.</param>
internal sealed class ReadThroughCache<TKey, TValue>(int capacity, Func<TValue, bool>? isKept = null)
    where TKey : notnull
    where TValue : class
{
    private const int Stripes = 256;

    private readonly ConcurrentLru<TKey, TValue> _kept = new(Environment.ProcessorCount, capacity, EqualityComparer<TKey>.Default);
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    /// <summary>What its queues hold, for its own count walks through all of it, and the vitals ask each second: what was removed from the middle is among it for a while.</summary>
    private int Count => Math.Min(capacity, _kept.HotCount + _kept.WarmCount + _kept.ColdCount);

    public CacheFigures Figures => new(Count, capacity, _kept.Metrics.Value!.Hits, _kept.Metrics.Value!.Misses);

    public TValue? Peek(TKey key) => _kept.TryGet(key, out var value) ? value : null;

    /// <param name="read">Reads the disk; null where there is no such row, which is not kept.</param>
    public TValue? Get<TState>(TKey key, TState state, Func<TKey, TState, TValue?> read)
    {
        if (_kept.TryGet(key, out var kept))
            return kept;
        var stripe = StripeOf(key);
        var before = Volatile.Read(ref stripe.Commits);
        var value = read(key, state);
        if (value is null || !IsKept(value))
            return value;
        lock (stripe)
        {
            if (stripe.Commits == before)
                _kept.AddOrUpdate(key, value);
        }
        return value;
    }

    /// <summary>A row was committed: keeps it, or forgets what was kept where it is null.</summary>
    public void Committed(TKey key, TValue? value)
    {
        var stripe = StripeOf(key);
        lock (stripe)
        {
            stripe.Commits++;
            if (value is null || !IsKept(value))
                _kept.TryRemove(key);
            else
                _kept.AddOrUpdate(key, value);
        }
    }

    /// <summary>A row was committed: changes what is kept, if it is.</summary>
    public void CommittedIfKept<TState>(TKey key, TState state, Func<TValue, TState, TValue> change)
    {
        var stripe = StripeOf(key);
        lock (stripe)
        {
            stripe.Commits++;
            if (_kept.TryGet(key, out var kept))
                _kept.AddOrUpdate(key, change(kept, state));
        }
    }

    private bool IsKept(TValue value) => isKept is null || isKept(value);

    private Stripe StripeOf(TKey key) => _stripes[(uint)(key.GetHashCode() * -1640531535) >> 24];

    private sealed class Stripe
    {
        public long Commits;
    }
}
