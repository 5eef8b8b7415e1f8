using System.Net;
using System.Runtime.InteropServices;
using HdrHistogram;
using Tidings.Bench.Measuring;

namespace Tidings.Bench.Load;

/// <summary>
/// One thread that drives all connections, as wrk -t1 does: it waits for answers with ppoll until the next request is due, takes them, and
/// sends what is due on whatever connection is free. Streams are asked in their order.
/// </summary>
internal sealed partial class LoadLoop : IDisposable
{
    private const long WaitMaxNs = 10_000_000, AfterwardsNs = 10_000_000_000;
    private const short Readable = 1;

    private readonly Exchange[] _connections;
    private readonly Waiting[] _waiting;
    private readonly Stack<Exchange> _idle = new();
    private bool _hadIdle;

    public LoadLoop(IPEndPoint address, int connections)
    {
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Exchange(address))];
        _waiting = Array.ConvertAll(_connections, c => new Waiting { Handle = c.Handle, Events = Readable });
        foreach (var connection in _connections)
            _idle.Push(connection);
    }

    /// <summary>How late requests went out though a connection was free: what the generator itself, and the machine, add to latencies.</summary>
    public LongHistogram OwnLatenessNs { get; } = new(60_000_000_000, 3);

    /// <summary>Runs the streams for the time given, then takes the answers that are still out.</summary>
    /// <returns>Seconds until the last request was sent.</returns>
    public double Run(TimeSpan time, params LoadStream[] streams) => Run(time, () => false, streams);

    /// <param name="isDone">Ends the run before its time.</param>
    public double Run(TimeSpan time, Func<bool> isDone, params LoadStream[] streams)
    {
        var began = Clocks.NowNs;
        var end = began + (long)time.TotalNanoseconds;
        foreach (var stream in streams)
            stream.Start(began);
        var now = began;
        while (now < end && !isDone())
        {
            var next = Send(streams, now);
            Wait(Math.Min(next, end) - now);
            now = Collect();
        }
        var seconds = (now - began) / 1e9;
        while (_idle.Count < _connections.Length && now < end + AfterwardsNs)
        {
            Wait(WaitMaxNs);
            now = Collect();
        }
        return seconds;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
    }

    /// <returns>When to look again.</returns>
    private long Send(LoadStream[] streams, long now)
    {
        var next = now + WaitMaxNs;
        foreach (var stream in streams)
        {
            while (_idle.Count > 0 && stream.DueNs(now) <= now)
            {
                var connection = _idle.Pop();
                connection.Busy = stream;
                stream.Take(connection, now);
                if (_hadIdle)
                    OwnLatenessNs.RecordValue(Math.Clamp(now - connection.IntendedNs, 1, 59_000_000_000));
                connection.SentNs = now;
                connection.Send();
            }
            if (_idle.Count > 0)
                next = Math.Min(next, stream.DueNs(now));
        }
        _hadIdle = _idle.Count > 0;
        return next;
    }

    private unsafe void Wait(long ns)
    {
        var time = new Time(0, Math.Clamp(ns, 0, WaitMaxNs));
        fixed (Waiting* waiting = _waiting)
        {
            if (Poll(waiting, (nuint)_waiting.Length, &time, null) < 0)
                throw new IOException($"ppoll failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private long Collect()
    {
        var now = Clocks.NowNs;
        for (var i = 0; i < _waiting.Length; i++)
        {
            if (_waiting[i].Happened == 0)
                continue;
            var connection = _connections[i];
            if (!connection.Receive() || connection.Busy is not { } stream)
                continue;
            now = Clocks.NowNs;
            connection.Busy = null;
            _idle.Push(connection);
            stream.Done(connection, now);
        }
        return now;
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static unsafe partial int Poll(Waiting* waiting, nuint count, Time* time, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct Waiting
    {
        public int Handle;
        public short Events;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
