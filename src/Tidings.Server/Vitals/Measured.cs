using Tidings.Feeds;

namespace Tidings.Server.Vitals;

/// <summary>What one instrument has measured since it was last asked. Notes come from any thread and cost no garbage.</summary>
internal abstract class Measured
{
    public virtual void Note(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Note((double)value, tags);

    public virtual void Note(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Note((long)value, tags);
}

internal sealed class MeasuredCount : Measured
{
    private long _count;

    public override void Note(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Interlocked.Add(ref _count, value);

    public long Take() => Interlocked.Exchange(ref _count, 0);
}

internal sealed class MeasuredTime : Measured
{
    public LatencyBuckets Buckets { get; } = new();

    public override void Note(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Buckets.Note(value);
}

/// <summary>Feed pages, by order.</summary>
internal sealed class MeasuredReads : Measured
{
    private long _ranked, _latest;

    public override void Note(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var latest = tags is [{ Value: FeedOrder.Latest }, ..];
        Interlocked.Add(ref latest ? ref _latest : ref _ranked, value);
    }

    public (long Ranked, long Latest) Take() => (Interlocked.Exchange(ref _ranked, 0), Interlocked.Exchange(ref _latest, 0));
}

/// <summary>Things by a reason, of which there are few: more than <see cref="ReasonsMax"/> count as the last.</summary>
internal sealed class MeasuredReasons : Measured
{
    private const int ReasonsMax = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = [];

    public override void Note(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var reason = tags is [{ Value: string told }, ..] ? told : "unknown";
        lock (_gate)
        {
            if (_counts.Count == ReasonsMax && !_counts.ContainsKey(reason))
                reason = "others";
            _counts[reason] = _counts.GetValueOrDefault(reason) + value;
        }
    }

    public Dictionary<string, long> Take()
    {
        lock (_gate)
        {
            var taken = new Dictionary<string, long>(_counts);
            _counts.Clear();
            return taken;
        }
    }
}

/// <summary>HTTP requests: what was answered, and how fast. Live connections are requests too, but how long they last says nothing.</summary>
internal sealed class MeasuredRequests : Measured
{
    private const string StatusTag = "http.response.status_code", RouteTag = "http.route", PublishRoute = "/v1/posts", LiveRoutes = "/v1/live";

    private long _count, _refused, _limited, _failed;

    public LatencyBuckets All { get; } = new();

    public LatencyBuckets Published { get; } = new();

    public override void Note(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (status, route) = (0, "");
        foreach (ref readonly var tag in tags)
        {
            if (tag is { Key: StatusTag, Value: int code }) status = code;
            else if (tag is { Key: RouteTag, Value: string matched }) route = matched;
        }
        Interlocked.Increment(ref _count);
        if (status >= 400) Interlocked.Increment(ref ClassOf(status));
        if (route.StartsWith(LiveRoutes, StringComparison.Ordinal)) return;
        All.Note(value);
        // Only publishing answers 201 there.
        if (status == StatusCodes.Status201Created && route == PublishRoute) Published.Note(value);
    }

    public (long Count, long Refused, long Limited, long Failed) Take() => (
        Interlocked.Exchange(ref _count, 0), Interlocked.Exchange(ref _refused, 0), Interlocked.Exchange(ref _limited, 0),
        Interlocked.Exchange(ref _failed, 0));

    private ref long ClassOf(int status)
    {
        if (status >= 500) return ref _failed;
        if (status == StatusCodes.Status429TooManyRequests) return ref _limited;
        return ref _refused;
    }
}
