using System.Globalization;
using Tidings.Client.Wire;
using Tidings.Embedded;
using Tidings.Server.Hosting;

namespace Tidings.Server.Admin;

/// <summary>Copies of the data folder, each in a folder of its own that is named for the time at which it was made.</summary>
internal sealed class Backups(EmbeddedProfile profile, ServeOptions options, TimeProvider clock, ILogger<Backups> log)
{
    public const string FailedCode = "backup_failed";

    /// <summary>As many as are listed.</summary>
    private const int ListedMax = 1_000;

    private const string NameFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    public async ValueTask<Result<BackupView>> MakeAsync()
    {
        var folder = Path.GetFullPath(options.Backups);
        var target = Path.Combine(folder, clock.GetUtcNow().UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture));
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.Exists(target) || !await profile.BackUpAsync(target))
                return Running;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ServerLog.BackupFailed(log, e, target);
            return new Rejection(RejectionKind.Conflict, FailedCode, $"The copy couldn't be written to {target}: {e.Message}");
        }
        var made = View(target);
        ServerLog.BackedUp(log, target, made.Bytes);
        return made;
    }

    /// <summary>Those that are whole, newest first.</summary>
    public IReadOnlyList<BackupView> All() => Directory.Exists(options.Backups)
        ? [.. Directory.EnumerateDirectories(Path.GetFullPath(options.Backups)).Where(path => MadeAt(path) is not null).OrderDescending(StringComparer.Ordinal)
            .Take(ListedMax).Select(View)]
        : [];

    private static BackupView View(string path) => new(
        Path.GetFileName(path), path, new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length), MadeAt(path)!.Value);

    private static DateTimeOffset? MadeAt(string path) => DateTimeOffset.TryParseExact(
        Path.GetFileName(path), NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static readonly Rejection Running = new(RejectionKind.Conflict, "backup_running", "A copy is being made: wait for it.");
}
