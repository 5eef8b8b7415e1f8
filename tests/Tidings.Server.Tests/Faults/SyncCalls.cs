using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// Runs a server under strace, which lets the n-th and every later sync of each thread fail, and writes down all syncs with their times: the only
/// witness of which ones the disk confirmed, since what was written stays readable in the system's cache whether it was confirmed or not.
/// </summary>
internal sealed partial class SyncCalls(string logFile)
{
    /// <param name="from">Syncs of one thread that succeed, plus one: strace counts each thread for itself.</param>
    public IReadOnlyList<string> Failing(string error, int from) =>
    [
        "strace", "-f", "-qq", "--seccomp-bpf", "-ttt", "-o", logFile, "-e", "trace=fsync,fdatasync",
        "-e", string.Create(CultureInfo.InvariantCulture, $"inject=fsync,fdatasync:error={error}:when={from}+"),
    ];

    /// <summary>When the first sync was made to fail, in seconds since 1970; null where none was.</summary>
    public double? FirstFailure() => Lines().Where(line => line.Contains("(INJECTED)", StringComparison.Ordinal))
        .Select(line => (double?)double.Parse(Call().Match(line).Groups[1].Value, CultureInfo.InvariantCulture))
        .FirstOrDefault();

    /// <summary>How many syncs the disk confirmed.</summary>
    public int Confirmed() => Lines().Count(line => line.TrimEnd().EndsWith("= 0", StringComparison.Ordinal));

    /// <summary>Skips where there is no strace that may trace; fails there in continuous integration.</summary>
    public static async Task NeedAsync()
    {
        var why = await WhyNotAsync();
        if (why is null)
            return;
        if (Settings.IsCi)
            Assert.Fail(why);
        Assert.Skip(why);
    }

    private static async Task<string?> WhyNotAsync()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("strace", ["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "true"])
            {
                RedirectStandardError = true,
            })!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"strace may not trace here: {said.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace is not installed: apt-get install strace.";
        }
    }

    private IEnumerable<string> Lines() => File.ReadLines(logFile);

    [GeneratedRegex(@"^\d+ +(\d+\.\d+) ")]
    private static partial Regex Call();
}
