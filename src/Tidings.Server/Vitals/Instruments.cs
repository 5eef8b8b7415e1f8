using System.Diagnostics.Metrics;

namespace Tidings.Server.Vitals;

/// <summary>
/// Listens to the instruments that there are anyway, so nothing on the hot roads is measured twice. What the domain counts is the process's, not
/// this server's: only tests have two servers in one.
/// </summary>
internal sealed class Instruments : IDisposable
{
    private const string HostingMeter = "Microsoft.AspNetCore.Hosting";

    private readonly MeterListener _listener;

    public Instruments(IMeterFactory meters)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (Of(instrument, meters) is { } measured)
                    listener.EnableMeasurementEvents(instrument, measured);
            },
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Measured)state!).Note(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Measured)state!).Note(value, tags));
        _listener.Start();
    }

    public MeasuredRequests Requests { get; } = new();

    public MeasuredReads Reads { get; } = new();

    public MeasuredTime ReadTimes { get; } = new();

    public MeasuredReasons Unranked { get; } = new();

    public MeasuredCount Rebuilds { get; } = new();

    public MeasuredCount Deliveries { get; } = new();

    public MeasuredTime Lag { get; } = new();

    public MeasuredCount Told { get; } = new();

    public MeasuredCount Resyncs { get; } = new();

    public MeasuredCount ModelServerFailures { get; } = new();

    public void Dispose() => _listener.Dispose();

    private Measured? Of(Instrument instrument, IMeterFactory meters) => instrument.Name switch
    {
        "http.server.request.duration" when instrument.Meter.Name == HostingMeter && instrument.Meter.Scope == meters => Requests,
        "tidings.feed.reads" => Reads,
        "tidings.feed.duration" => ReadTimes,
        "tidings.feed.unranked" => Unranked,
        "tidings.feed.rebuilds" => Rebuilds,
        "tidings.fanout.deliveries" => Deliveries,
        "tidings.fanout.lag" => Lag,
        "tidings.live.told" => Told,
        "tidings.live.resyncs" => Resyncs,
        "tidings.model_server.failures" => ModelServerFailures,
        _ => null,
    };
}
