using HdrHistogram;
using Tidings.Bench.Measuring;

namespace Tidings.Bench.Load;

/// <summary>
/// Requests of one kind. With a rate the loop is open: each request has a moment at which it is meant to go out, and its latency counts from that
/// moment, whether or not a connection was free; so a stall of the server shows in all requests that it held up. Without a rate the loop
/// is closed: whenever a connection is free the next request goes out.
/// </summary>
internal abstract class LoadStream(double ratePerSecond)
{
    private long _nextNs;

    public LongHistogram LatencyNs { get; } = new(60_000_000_000, 3);

    public long Answered { get; private set; }

    public long Failed { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>The first answer that was none, to be shown.</summary>
    public string? Failure { get; private set; }

    public void Start(long nowNs) => _nextNs = nowNs;

    /// <summary>When the next request is meant to go out; <see cref="long.MaxValue"/> for not at all at the moment.</summary>
    public virtual long DueNs(long nowNs) => ratePerSecond > 0 ? _nextNs : nowNs;

    /// <summary>Takes the request that is due, and writes it.</summary>
    public void Take(Exchange connection, long nowNs)
    {
        connection.IntendedNs = DueNs(nowNs);
        if (ratePerSecond > 0)
            _nextNs += (long)(1e9 / ratePerSecond);
        Write(connection);
    }

    public void Done(Exchange connection, long nowNs)
    {
        BytesReceived += connection.Body.Length;
        if (connection.Status is >= 200 and < 300)
        {
            Answered++;
            LatencyNs.RecordValue(Math.Clamp(nowNs - connection.IntendedNs, 1, 59_000_000_000));
        }
        else
        {
            Failed++;
            Failure ??= $"{connection.Status}: {System.Text.Encoding.UTF8.GetString(connection.Body)}";
        }
        Settle(connection, nowNs);
    }

    protected abstract void Write(Exchange connection);

    /// <summary>The request was answered, well or not.</summary>
    protected virtual void Settle(Exchange connection, long nowNs)
    {
    }

    public string Say() =>
        $"{Answered:N0} answered, {Failed:N0} failed; latency p50 {Ms(50):0.00} ms, p99 {Ms(99):0.00} ms, p99.9 {Ms(99.9):0.00} ms, most {Ms(100):0.0} ms"
        + (Failure is null ? "" : $"\n    first failure: {Failure}");

    public double Ms(double percentile) => LatencyNs.TotalCount == 0 ? double.NaN : LatencyNs.GetValueAtPercentile(percentile) / 1e6;
}
