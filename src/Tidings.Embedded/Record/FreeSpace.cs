namespace Tidings.Embedded.Record;

/// <summary>Whether the disk has room for writes: looks at most once a second, so a commit costs nothing.</summary>
/// <param name="probe">The free bytes of the disk.</param>
internal sealed class FreeSpace(string folder, long minBytes, TimeProvider clock, Func<long> probe)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private long _lookedAt;
    private long? _freeBytes;

    public static long OfDisk(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <returns>Null where there is room.</returns>
    public StorageFullException? Refusal()
    {
        if (minBytes == 0)
            return null;
        if (_freeBytes is not { } freeBytes || clock.GetElapsedTime(_lookedAt) >= Between)
        {
            _lookedAt = clock.GetTimestamp();
            _freeBytes = freeBytes = probe();
        }
        return freeBytes < minBytes ? new StorageFullException(folder, freeBytes, minBytes) : null;
    }
}
