using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tidings.Bench.Measuring;

/// <summary>Clocks of the machine, in nanoseconds. What a thread used of a core doesn't grow while others have it: on a shared machine it is the
/// steadier figure.</summary>
internal static partial class Clocks
{
    private const int ThreadCpu = 3;

    public static long NowNs => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>What the current thread has used of a core.</summary>
    public static long ThreadCpuNs
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return NowNs;
            _ = Read(ThreadCpu, out var time);
            return time.Seconds * 1_000_000_000 + time.Nanoseconds;
        }
    }

    /// <summary>Waits some nanoseconds, in steps of at least 50 µs: what the kernel's timer can do.</summary>
    public static void Pause(long ns)
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.Yield();
            return;
        }
        var time = new Time(0, Math.Max(50_000, ns));
        _ = Rest(time, out _);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Rest(in Time time, out Time left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
