using Tidings.Client.Wire;

namespace Tidings.Server.Vitals;

/// <summary>What the process takes of the machine, asked of the system and the runtime once for each sample.</summary>
internal sealed class ProcessVitals(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _cpuBefore = CpuTime(), _pausedBefore = GC.GetTotalPauseDuration();

    public ProcessVitalsView Since(TimeSpan elapsed)
    {
        var (cpu, paused) = (CpuTime(), GC.GetTotalPauseDuration());
        var view = new ProcessVitalsView(
            Share(cpu - _cpuBefore, elapsed), Environment.ProcessorCount, Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false),
            Math.Min(1, Share(paused - _pausedBefore, elapsed)), ThreadPool.ThreadCount, ThreadPool.PendingWorkItemCount,
            clock.GetElapsedTime(_began).TotalSeconds);
        (_cpuBefore, _pausedBefore) = (cpu, paused);
        return view;
    }

    private static double Share(TimeSpan part, TimeSpan whole) => whole > TimeSpan.Zero ? part / whole : 0;

    private static TimeSpan CpuTime() => OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        ? Environment.CpuUsage.TotalTime
        : TimeSpan.Zero;
}
