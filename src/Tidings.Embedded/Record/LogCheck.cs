using System.Globalization;

namespace Tidings.Embedded.Record;

/// <summary>
/// Looks at the write-ahead log before RocksDB does, to tell apart what RocksDB's recovery modes take for the same: the torn end of a write that
/// was cut off, and damage in what was written and answered. None of its modes opens after every torn end and refuses every flipped bit: some
/// records are skipped in silence where a flipped length reaches past the end or a header is zero.
/// 1. A group is one batch, and with <see cref="Durability.Always"/> it is written only after the one before it was synced. So if any batch
///    begins after the first record that is not whole, or in a later log, that record had been answered: the log is damaged.
/// 2. If none does, the record is the newest. It is the end of a write that was cut off if it stops short or has a sector that never reached
///    the disk; RocksDB drops it, and nobody was answered for it. Otherwise it was whole: the log is damaged.
/// With <see cref="Durability.Interval"/> a power cut may leave a log that this refuses: see <see cref="EmbeddedOptions.AcceptDamagedLog"/>.
/// </summary>
internal static class LogCheck
{
    /// <exception cref="RecordDamagedException">Names the file and the byte.</exception>
    public static void Check(string folder)
    {
        if (!Directory.Exists(folder)) return;
        string? damagedFile = null;
        var damagedAt = 0L;
        foreach (var file in Directory.EnumerateFiles(folder, "*.log").OrderBy(Number))
        {
            if (damagedFile is not null)
            {
                if (new FileInfo(file).Length > 0) throw Damaged(damagedFile, damagedAt);
                continue;
            }
            if (FirstDamage(file) is { } at) (damagedFile, damagedAt) = (file, at);
        }
    }

    /// <returns>Where the torn end of the file begins; null where the file is whole.</returns>
    private static long? FirstDamage(string file)
    {
        using var handle = File.OpenHandle(file);
        var room = new byte[LogBlock.Bytes];
        for (var start = 0L; ; start += LogBlock.Bytes)
        {
            var read = RandomAccess.Read(handle, room, start);
            if (read == 0) return null;
            var block = new LogBlock(room.AsSpan(0, read));
            var at = 0;
            while (at + LogBlock.HeaderBytes <= read && block.Next(at) is > 0 and var next)
                at = next;
            var isLast = start + read >= RandomAccess.GetLength(handle);
            if (block.IsZeroFrom(at) && (read - at < LogBlock.HeaderBytes || IsZeroAfter(handle, start + LogBlock.Bytes)))
            {
                if (isLast || read - at >= LogBlock.HeaderBytes) return null;
                continue;
            }
            if (block.HasBatchFrom(at + 1) || HasBatchAfter(handle, start + LogBlock.Bytes) || !block.IsCutOff(at))
                throw Damaged(file, start + at);
            return start + at;
        }
    }

    private static bool HasBatchAfter(Microsoft.Win32.SafeHandles.SafeFileHandle handle, long from)
    {
        var room = new byte[LogBlock.Bytes];
        for (var start = from; RandomAccess.Read(handle, room, start) is > 0 and var read; start += LogBlock.Bytes)
        {
            if (new LogBlock(room.AsSpan(0, read)).HasBatchFrom(0)) return true;
        }
        return false;
    }

    private static bool IsZeroAfter(Microsoft.Win32.SafeHandles.SafeFileHandle handle, long from)
    {
        var room = new byte[LogBlock.Bytes];
        for (var start = from; RandomAccess.Read(handle, room, start) is > 0 and var read; start += LogBlock.Bytes)
        {
            if (!new LogBlock(room.AsSpan(0, read)).IsZeroFrom(0)) return false;
        }
        return true;
    }

    private static RecordDamagedException Damaged(string file, long at) => new(file, $"The record at byte {at:N0} is not what was written.");

    private static ulong Number(string file) =>
        ulong.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : ulong.MaxValue;
}
