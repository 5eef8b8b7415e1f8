using System.Globalization;
using System.Runtime.InteropServices;

namespace Tidings.Embedded.Record;

/// <summary>
/// The data folder, held by this process alone while it lives.
/// <code>
/// TIDINGS         "tidings record, format 1\n": written when the record was made, so no folder without it is ever touched
/// TIDINGS.making  the same while it is being made: a first start that was cut off begins anew
/// TIDINGS.lock    held while a process has the folder open
/// record/         RocksDB
/// </code>
/// </summary>
internal sealed partial class DataFolder : IDisposable
{
    /// <summary>What this version writes, and the newest that it reads.</summary>
    public const int Format = 1;

    private const string RecordName = "record", Mark = "TIDINGS", Making = "TIDINGS.making", Lock = "TIDINGS.lock", Prefix = "tidings record, format ";

    private readonly string _folder;
    private readonly FileStream _lock;

    private DataFolder(string folder, FileStream held, bool isNew)
    {
        _folder = folder;
        _lock = held;
        IsNew = isNew;
    }

    public string Record => Path.Combine(_folder, RecordName);

    /// <summary>There is no record yet: make it, then say <see cref="Made"/>.</summary>
    public bool IsNew { get; }

    public static DataFolder Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var mark = Path.Combine(folder, Mark);
        if (File.Exists(mark))
            CheckFormat(mark);
        else if (!File.Exists(Path.Combine(folder, Making)))
            RefuseForeign(folder);

        var opened = new DataFolder(folder, Hold(folder), isNew: !File.Exists(mark));
        if (opened.IsNew)
            opened.BeginMaking();
        return opened;
    }

    /// <summary>The record was made and is on disk.</summary>
    public void Made()
    {
        File.Move(Path.Combine(_folder, Making), Path.Combine(_folder, Mark));
        SyncFolder(_folder);
    }

    /// <summary>Copies the folder: the record as it is told, and what stands beside it.</summary>
    /// <param name="target">A folder that isn't there yet.</param>
    /// <param name="copyRecord">Makes a folder with the record.</param>
    /// <exception cref="IOException">It can't be written; nothing is left of it.</exception>
    public void CopyTo(string target, Action<string> copyRecord)
    {
        target = Path.GetFullPath(target);
        if (Directory.Exists(target))
            throw new IOException($"There is a folder {target} already.");
        var making = target + ".making";
        try
        {
            if (Directory.Exists(making))
                Directory.Delete(making, recursive: true);
            Directory.CreateDirectory(making);
            copyRecord(Path.Combine(making, RecordName));
            foreach (var beside in Directory.EnumerateDirectories(_folder))
            {
                if (Path.GetFileName(beside) != RecordName && !target.StartsWith(beside + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                    CopyFiles(beside, Path.Combine(making, Path.GetFileName(beside)));
            }
            WriteMark(Path.Combine(making, Mark));
            SyncFolder(making);
            Directory.Move(making, target);
            SyncFolder(Path.GetDirectoryName(target)!);
        }
        catch when (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from))
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            using var copy = new FileStream(Path.Combine(to, Path.GetFileName(path)), FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.WriteThrough);
            source.CopyTo(copy);
        }
        SyncFolder(to);
    }

    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(Path.Combine(folder, Lock)))
        {
            throw new FolderInUseException(folder, e);
        }
    }

    private static void RefuseForeign(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            if (Path.GetFileName(entry) is var name && name != Lock)
                throw new NotARecordException(folder, name);
        }
    }

    private static void CheckFormat(string mark)
    {
        var text = File.ReadAllText(mark);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(text.AsSpan(Prefix.Length).TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var format))
            throw new RecordDamagedException(mark, $"It does not say \"{Prefix}\" and a number.");
        if (format > Format)
            throw new NewerFormatException(mark, format, Format);
    }

    private void BeginMaking()
    {
        if (Directory.Exists(Record))
            Directory.Delete(Record, recursive: true);
        WriteMark(Path.Combine(_folder, Making));
        SyncFolder(_folder);
    }

    private static void WriteMark(string path)
    {
        using var mark = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 4096, FileOptions.WriteThrough);
        mark.Write(System.Text.Encoding.ASCII.GetBytes($"{Prefix}{Format}\n"));
    }

    /// <summary>A file that was made or renamed is there after a power cut only when its folder is synced. Windows does it by itself.</summary>
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = OpenFolder(folder, 0);
        var synced = handle >= 0 && Sync(handle) == 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (handle >= 0) _ = Close(handle);
        if (!synced) throw new IOException($"Syncing the folder {folder} failed: {error}.");
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
