using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of our own, in a folder in /tmp, on a Unix socket in it. It syncs as it should. The process that watches it ends it when this one
/// ends, however it does.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Packages = "/usr/lib/postgresql";

    private const string Missing = "Needs PostgreSQL 15 or newer: install the package postgresql.";

    private const int VersionMin = 15;

    private const int ConnectionsMax = 240;

    private readonly string _folder;
    private Process? _watched;

    private PostgresServer(string folder) => _folder = folder;

    /// <summary>The folder of the newest server's programs; null where there is none.</summary>
    private static string? Binaries { get; } = !Directory.Exists(Packages) ? null : Directory.GetDirectories(Packages)
        .Where(folder => int.TryParse(Path.GetFileName(folder), out var version) && version >= VersionMin && File.Exists($"{folder}/bin/postgres"))
        .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).Select(folder => $"{folder}/bin").FirstOrDefault();

    /// <summary>Skips the test where there is no PostgreSQL, and fails it in continuous integration.</summary>
    public static void Require()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(Binaries is not null, Missing);
        else
            Assert.SkipWhen(Binaries is null, Missing);
    }

    /// <summary>Makes the files once: the servers of a run are copies.</summary>
    public static async Task<string> MakeTemplateAsync()
    {
        var folder = NewFolder();
        await RunAsync([$"{Binaries}/initdb", "--pgdata", folder, "--username=tidings", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]);
        return folder;
    }

    public static async Task<PostgresServer> StartAsync(string template)
    {
        var server = new PostgresServer(NewFolder());
        await RunAsync(["cp", "-a", template, server._folder]);
        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) =>
        $"Host={_folder};Username=tidings;Database={database};Pooling=true;Timeout=15;Include Error Detail=true";

    public async Task StartAsync()
    {
        // The shell ends the server when its input ends: with the process that holds the other end.
        const string watch = "\"$@\" & read -r _; kill -INT $!; wait $!";
        var start = Unprivileged(
        [
            "/bin/sh", "-c", watch, "sh", $"{Binaries}/postgres", "-D", _folder, "-c", "listen_addresses=", "-c", $"unix_socket_directories={_folder}",
            "-c", $"max_connections={ConnectionsMax}", "-c", "shared_buffers=64MB", "-c", "autovacuum_naptime=10min", "-c", "logging_collector=off",
        ]);
        (start.RedirectStandardInput, start.RedirectStandardError) = (true, true);
        _watched = Process.Start(start)!;
        var lines = new List<string>();
        while (await _watched.StandardError.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (!line.Contains("database system is ready", StringComparison.Ordinal))
                continue;
            _ = _watched.StandardError.ReadToEndAsync();
            return;
        }
        throw new InvalidOperationException($"PostgreSQL didn't start:\n{string.Join('\n', lines)}");
    }

    /// <summary>Kills the server and all its processes at once, as they stand.</summary>
    public async Task KillAsync()
    {
        var master = int.Parse((await File.ReadAllLinesAsync($"{_folder}/postmaster.pid"))[0], CultureInfo.InvariantCulture);
        // Stopped first, or it could start one more behind our back.
        await RunAsync(["/bin/sh", "-c", $"kill -STOP {master}"]);
        var children = (await File.ReadAllTextAsync($"/proc/{master}/task/{master}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var id in children.Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Prepend(master))
            Kill(id);
        await EndAsync();
        await RunAsync(["rm", "-f", $"{_folder}/postmaster.pid"]);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string NewFolder() => Path.Combine(Path.GetTempPath(), $"tidings-pg-{Path.GetRandomFileName()}");

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself, as a server's process does when its master is gone.
        }
    }

    private async Task EndAsync()
    {
        if (_watched is not { } watched)
            return;
        watched.StandardInput.Close();
        await watched.WaitForExitAsync();
        watched.Dispose();
        _watched = null;
    }

    private static async Task RunAsync(string[] command)
    {
        var start = Unprivileged(command);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]}: {await output}{await error}");
    }

    /// <summary>PostgreSQL doesn't run as root; the package made it a user.</summary>
    private static ProcessStartInfo Unprivileged(string[] command)
    {
        string[] whole = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command]
            : command;
        return new ProcessStartInfo(whole[0], whole[1..]) { WorkingDirectory = Path.GetTempPath() };
    }
}
