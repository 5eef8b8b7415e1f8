using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tidings.Bench.Load;

/// <summary>A server in a process of its own, on a free port of this machine; killed when disposed.</summary>
internal sealed partial class Child : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly List<string> _lastLines = [];

    private Child(Process process, IPEndPoint address)
    {
        (_process, Address) = (process, address);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IPEndPoint Address { get; }

    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The Tidings server over a record in a folder.</summary>
    public static Task<Child> TidingsAsync(string dll, string folder, params string[] more)
    {
        var address = FreeAddress();
        return StartAsync([dll, "--data", folder, "--urls", $"http://{address}", "--no-rate-limits", .. more], address, "/readyz");
    }

    /// <summary>This program, as the endpoint that does nothing.</summary>
    public static Task<Child> CeilingAsync(int bodyBytes)
    {
        var address = FreeAddress();
        return StartAsync([Environment.GetCommandLineArgs()[0], CeilingServer.Verb, "--url", $"http://{address}", "--bytes", $"{bodyBytes}"], address, "/");
    }

    /// <summary>How long the server has stood still for its collector, since its start.</summary>
    public async Task<double> CollectorSecondsAsync()
    {
        const string name = "dotnet_gc_pause_time_seconds_total";
        using var http = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        var figures = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var line = figures.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Asks the process to stop, as an operator would, and waits for it.</summary>
    public void Stop()
    {
        _ = Signal(_process.Id, Terminate);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<Child> StartAsync(IEnumerable<string> arguments, IPEndPoint address, string readyPath)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var child = new Child(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."), address);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        var began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(http, readyPath))
        {
            if (child._process.HasExited || Stopwatch.GetElapsedTime(began) > ReadyWithin)
            {
                var said = child.Said();
                child.Dispose();
                throw new InvalidOperationException($"The server at {address} is not ready. It said:\n{said}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
        return child;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            if (line is null)
                return;
            _lastLines.Add(line);
            if (_lastLines.Count > 50)
                _lastLines.RemoveAt(0);
        }
    }

    private string Said()
    {
        lock (_lastLines)
            return string.Join('\n', _lastLines);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
