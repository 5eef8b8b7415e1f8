namespace Tidings.Server.Hosting;

/// <summary>Everything the server logs. Ids and texts are frozen by a test: people search for them.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Addresses}; the record in {Folder} is open, durability {Durability}.")]
    public static partial void Listening(ILogger log, string addresses, string folder, string durability);

    [LoggerMessage(2, LogLevel.Information, "Stopping: not ready any more, requests are taken for another {DrainSeconds} s.")]
    public static partial void Stopping(ILogger log, int drainSeconds);

    [LoggerMessage(3, LogLevel.Information, "Stopped; the record is closed.")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(4, LogLevel.Critical, "{Part} failed: the server stops.")]
    public static partial void PartFailed(ILogger log, Exception e, string part);

    [LoggerMessage(5, LogLevel.Error, "A request failed, trace {TraceId}.")]
    public static partial void RequestFailed(ILogger log, Exception e, string traceId);

    [LoggerMessage(6, LogLevel.Error, "An answer was cut off, trace {TraceId}.")]
    public static partial void AnswerCutOff(ILogger log, Exception e, string traceId);

    [LoggerMessage(7, LogLevel.Warning, "A write was refused because the disk is full, trace {TraceId}.")]
    public static partial void StorageFull(ILogger log, Exception e, string traceId);

    [LoggerMessage(8, LogLevel.Information, "Freed the inboxes of {Count} readers who were not here for {Days} days.")]
    public static partial void InboxesRetired(ILogger log, int count, int days);

    [LoggerMessage(11, LogLevel.Warning, "What has expired could not be removed because the disk is full.")]
    public static partial void SweepPutOff(ILogger log, Exception e);

    [LoggerMessage(12, LogLevel.Warning, "The issuer {Issuer} can't be reached: its people can't be told.")]
    public static partial void IssuerAway(ILogger log, Exception e, string issuer);

    [LoggerMessage(13, LogLevel.Information, "Erased person {Id}; the files are compacted within {Hours} hours.")]
    public static partial void PersonErased(ILogger log, string id, int hours);

    [LoggerMessage(14, LogLevel.Information, "Compacted the files after {Count} people were erased.")]
    public static partial void ErasedCompacted(ILogger log, int count);

    [LoggerMessage(15, LogLevel.Information, "Copied the record to {Folder}, {Bytes} bytes.")]
    public static partial void BackedUp(ILogger log, string folder, long bytes);

    [LoggerMessage(16, LogLevel.Warning, "The record could not be copied to {Folder}.")]
    public static partial void BackupFailed(ILogger log, Exception e, string folder);

    [LoggerMessage(20, LogLevel.Warning, "Notifications wait because the disk is full.")]
    public static partial void NotificationsPutOff(ILogger log, Exception e);

    [LoggerMessage(9, LogLevel.Information, "Made the service key {Name} ({Id}).")]
    public static partial void KeyMade(ILogger log, string name, string id);

    [LoggerMessage(10, LogLevel.Information, "Revoked the key {Name} ({Id}).")]
    public static partial void KeyRevoked(ILogger log, string name, string id);

    [LoggerMessage(30, LogLevel.Warning, "The model {File} was put in before and can't rank any more: {Why}")]
    public static partial void ModelPassedOver(ILogger log, string file, string why);
}
