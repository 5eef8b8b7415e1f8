using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>
/// A Redis server of our own, a node of a cluster: in a folder in /tmp, on free ports of the loopback, in memory only. The process that watches it ends it when
/// this one ends, however it does.
/// </summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private const int LinesMax = 10_000;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"tidings-redis-{Path.GetRandomFileName()}");
    private readonly int _nodeTimeoutMs, _busPort;
    private Channel<string> _lines = null!;
    private Process? _watched;
    private Task _reading = Task.CompletedTask;
    private int _id;

    private RedisNode(int nodeTimeoutMs)
    {
        (_nodeTimeoutMs, Port, _busPort) = (nodeTimeoutMs, FreePort(), FreePort());
        Directory.CreateDirectory(_folder);
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisNode> StartAsync(int nodeTimeoutMs, CancellationToken ct)
    {
        var node = new RedisNode(nodeTimeoutMs);
        await node.StartAsync(ct);
        return node;
    }

    public async Task StartAsync(CancellationToken ct)
    {
        // The shell ends the server when its input ends: with the process that holds the other end.
        const string watch = "exec 2>/dev/null; \"$@\" & read -r _; kill -INT $!; wait $!";
        var start = new ProcessStartInfo("/bin/sh",
        [
            "-c", watch, "sh", "redis-server", "--port", $"{Port}", "--cluster-port", $"{_busPort}", "--bind", "127.0.0.1", "--dir", _folder,
            "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-node-timeout", $"{_nodeTimeoutMs}", "--save", "",
            "--appendonly", "no", "--repl-diskless-sync-delay", "0",
        ]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(LinesMax) { FullMode = BoundedChannelFullMode.DropOldest });
        _watched = Process.Start(start)!;
        _reading = ReadAsync(_watched, _lines.Writer);
        var ready = await LineAsync("Ready to accept connections", ct);
        _id = int.Parse(ready[..ready.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for a line of the server's log, and gives it. Lines before it are gone.</summary>
    public async Task<string> LineAsync(string part, CancellationToken ct)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(ct))
        {
            if (line.Contains(part, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"Redis on port {Port} ended before it said: {part}");
    }

    /// <summary>Kills the server as it stands.</summary>
    public async Task KillAsync()
    {
        using (var server = Process.GetProcessById(_id))
            server.Kill();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task EndAsync()
    {
        if (_watched is not { } watched)
            return;
        watched.StandardInput.Close();
        await watched.WaitForExitAsync();
        await _reading;
        watched.Dispose();
        _watched = null;
    }

    private static async Task ReadAsync(Process process, ChannelWriter<string> lines)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            await lines.WriteAsync(line);
        lines.Complete();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
