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

    private const string Mark = "TIDINGS", Making = "TIDINGS.making", Lock = "TIDINGS.lock", Prefix = "tidings record, format ";

    private readonly string _folder;
    private readonly FileStream _lock;

    private DataFolder(string folder, FileStream held, bool isNew)
    {
        _folder = folder;
        _lock = held;
        IsNew = isNew;
    }

    public string Record => Path.Combine(_folder, "record");

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

    public void Dispose() => _lock.Dispose();

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
        var path = Path.Combine(_folder, Making);
        using (var making = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 4096, FileOptions.WriteThrough))
            making.Write(System.Text.Encoding.ASCII.GetBytes($"{Prefix}{Format}\n"));
        SyncFolder(_folder);
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
