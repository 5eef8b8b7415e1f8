using Tidings.FanOut;

namespace Tidings.Live;

/// <summary>What goes by time: counters that waited, credentials that end, signs of life, readers who left.</summary>
public sealed class LivePulse(LiveReaders readers, LiveCounters counters, IPresence presence, TimeProvider clock)
{
    /// <summary>How often to call <see cref="Tick"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(LiveCounters.IntervalMs / 2);

    /// <summary>Ticks between two looks at the clocks of credentials: a second. Nothing leaves after they ended, however long the look takes.</summary>
    private const int ExpiryTicks = 4;

    /// <summary>Ticks between two signs of life: 20 seconds, well within the time that a reader counts as online.</summary>
    private const int BeatTicks = 80;

    private readonly LiveReader[] _slice = new LiveReader[FanOutWorker.SliceReaders];
    private long _ticks;

    public void Tick()
    {
        counters.Tick();
        if (++_ticks % ExpiryTicks != 0) return;
        var beats = _ticks % BeatTicks == 0;
        if (beats) readers.Forget();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var next = 0;
        do
        {
            next = readers.Walk(next, _slice, out var count);
            for (var i = 0; i < count; i++)
                Look(_slice[i], now, beats);
            Array.Clear(_slice, 0, count);
        }
        while (next > 0);
    }

    private void Look(LiveReader reader, long now, bool beats)
    {
        var connections = reader.Connections;
        if (beats && connections.Length > 0) presence.Seen(reader.Person);
        foreach (var connection in connections)
        {
            if (now >= connection.ExpiresUnixMs) connection.End(ByeReason.Expired);
            if (beats) connection.Beat();
        }
    }
}
