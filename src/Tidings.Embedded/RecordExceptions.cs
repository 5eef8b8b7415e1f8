namespace Tidings.Embedded;

/// <summary>An operating error of the embedded record: the machine or its disk, not the request.</summary>
public abstract class RecordException(string message, Exception? cause) : Exception(message, cause);

/// <summary>Less space than allowed is left. Writes are refused and change nothing; reads go on, and writes too once there is space again.</summary>
public sealed class StorageFullException(string folder, long freeBytes, long minBytes) : RecordException(
    $"The disk of {folder} has {freeBytes:N0} bytes free, less than the {minBytes:N0} that FreeBytesMin asks for: writes are refused until there is more.", null);

/// <summary>
/// A write or a sync failed. What was not answered before may or may not be on disk, so the record takes no more writes: end the process
/// and start it again.
/// </summary>
public sealed class RecordFailedException(string folder, Exception cause) : RecordException(
    $"The record in {folder} failed and takes no more writes ({cause.Message}). Mend the disk and start again.", cause);

/// <summary>Another process has the folder open.</summary>
public sealed class FolderInUseException(string folder, Exception cause) : RecordException(
    $"The data folder {folder} is in use by another process: stop that one or name another folder.", cause);

/// <summary>The record was written by a newer version.</summary>
public sealed class NewerFormatException(string file, int format, int known) : RecordException(
    $"{file} says format {format}; this version reads up to {known}. Use the version that wrote it, or a newer one.", null);

/// <summary>The folder has other things in it.</summary>
public sealed class NotARecordException(string folder, string found) : RecordException(
    $"The data folder {folder} is no Tidings record: it has {found} and no file TIDINGS. Name an empty folder or one that Tidings made.", null);

/// <summary>Something stored is not what was written.</summary>
public sealed class RecordDamagedException(string file, string what, Exception? cause = null) : RecordException(
    $"{file} is damaged: {what} Restore the folder from a backup; nothing was changed.", cause);
