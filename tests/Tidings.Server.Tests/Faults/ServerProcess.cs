using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Tidings.Client;
using Tidings.People;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// The built server as a process of its own, on a free port of loopback: what can be killed. Ready means that it has printed its address; there
/// is no waiting for time anywhere, only for what the process says and for its end.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private const string ListensOn = "Tidings listens on ";
    private const int LinesMax = 400;

    private readonly Process _process;
    private readonly bool _hasParent;
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stirs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _adminKey = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient? _http;

    private ServerProcess(Process process, bool hasParent)
    {
        _process = process;
        _hasParent = hasParent;
    }

    /// <summary>What it wrote to the error stream, the last lines of it.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return string.Join('\n', _errors);
        }
    }

    /// <summary>Completes with the first line that the process writes: it runs, and is opening its record or has opened it.</summary>
    public Task Stirs => _stirs.Task;

    public bool HasExited => _process.HasExited;

    /// <param name="folder">The data folder.</param>
    /// <param name="under">A program and its arguments that run the server, for example strace; empty for none.</param>
    public static ServerProcess Start(string folder, IReadOnlyList<string> under, params string[] settings)
    {
        string[] command =
        [
            .. under, Path.Combine(AppContext.BaseDirectory, "Tidings.Server"),
            "--data", folder, "--urls", "http://127.0.0.1:0", .. settings,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The tests don't depend on how full the disk of the temporary folder is.
        start.Environment["TIDINGS_FREE_MIB"] = "0";

        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, under.Count > 0);
        server._process.OutputDataReceived += (_, line) => server.Hear(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.HearError(line.Data);
        server._process.Exited += (_, _) => server._stirs.TrySetResult();
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Starts and waits until it takes requests.</summary>
    public static async Task<ServerProcess> ReadyAsync(string folder, params string[] settings)
    {
        var server = Start(folder, [], settings);
        if (!await server.TryBeReadyAsync())
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server ended before it was ready:\n{server.Errors}");
        }
        return server;
    }

    /// <returns>False where the process ended instead.</returns>
    public async Task<bool> TryBeReadyAsync()
    {
        var exited = _process.WaitForExitAsync();
        var first = await Task.WhenAny(_address.Task, exited).WaitAsync(Patience);
        if (first == exited)
            return false;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false })
        {
            BaseAddress = await _address.Task,
            Timeout = Patience,
            DefaultRequestVersion = HttpVersion.Version11,
        };
        return true;
    }

    /// <summary>The admin key, which only the first start on a folder prints.</summary>
    public Task<string> AdminKeyAsync() => _adminKey.Task.WaitAsync(Patience);

    public TidingsClient Client(string? token, string? onBehalfOf = null) => new(_http!, token, onBehalfOf);

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(_hasParent);
    }

    /// <summary>Asks it to end, as a service's supervisor does.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process.Id, SigTerm));

    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _http?.Dispose();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        _stirs.TrySetResult();
        if (line.StartsWith(ListensOn, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(line[ListensOn.Length..].Split(' ')[0]));
        else if (line.TrimStart().StartsWith(Token.AdminPrefix, StringComparison.Ordinal))
            _adminKey.TrySetResult(line.Trim());
    }

    private void HearError(string? line)
    {
        if (line is null)
            return;
        _stirs.TrySetResult();
        lock (_errors)
        {
            if (_errors.Count == LinesMax)
                _errors.RemoveAt(0);
            _errors.Add(line);
        }
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
