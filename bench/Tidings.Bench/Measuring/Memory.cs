namespace Tidings.Bench.Measuring;

/// <summary>What a process holds of the machine's memory.</summary>
internal static class Memory
{
    /// <summary>Resident bytes of this process, after a collection.</summary>
    public static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }

    public static long AvailableBytes()
    {
        if (!OperatingSystem.IsLinux())
            return long.MaxValue;
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
