using System.Diagnostics;
using Tidings.Bench.Measuring;
using Tidings.Bench.Worlds;
using Tidings.Embedded;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Start;

/// <summary>What one start of a record took.</summary>
/// <param name="StartedMs">From the start of the process, .NET's own included.</param>
/// <param name="OpenedMs">The opening alone.</param>
/// <param name="CpuMs">What the process used of all cores until it was open.</param>
internal sealed record Opened(double StartedMs, double OpenedMs, double CpuMs, long ResidentBytes, double ClosedMs);

/// <summary>Opens a record in a process of its own, which then closes it, or writes to it until it is killed.</summary>
internal static class OpenChild
{
    public const string Verb = "open";

    private const string Ready = "ready", Written = "written";
    private const int PostsBeforeKill = 200_000, InFlight = 4_096;

    public static async Task<int> RunAsync(Arguments line)
    {
        var folder = line.Text("--folder", "");
        var write = line.Flag("--write");
        line.End();

        var began = Stopwatch.GetTimestamp();
        await using var engine = await Engine.OpenAsync(new EmbeddedOptions { DataFolder = folder, HotPostsMax = HotPosts });
        var opened = Stopwatch.GetElapsedTime(began);
        Console.WriteLine($"{Ready} {(long)(opened.TotalMilliseconds * 1_000)} {(long)Environment.CpuUsage.TotalTime.TotalMicroseconds} {Memory.ResidentBytes()}");
        if (write)
            await WriteForeverAsync(engine);
        return 0;
    }

    /// <summary>Room for all the posts of the largest record that is measured.</summary>
    public const int HotPosts = 1 << 24;

    /// <param name="kill">Has the child write 200,000 posts after opening, and kills it while it goes on.</param>
    public static async Task<Opened> StartAsync(string folder, bool kill)
    {
        string[] arguments = [Environment.GetCommandLineArgs()[0], Verb, "--folder", folder, .. kill ? (string[])["--write"] : []];
        var began = Stopwatch.GetTimestamp();
        using var child = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("dotnet did not start.");
        var line = await child.StandardOutput.ReadLineAsync() ?? "";
        var started = Stopwatch.GetElapsedTime(began);
        if (line.Split(' ') is not [Ready, var openedUs, var cpuUs, var resident])
            throw new InvalidOperationException($"The record in {folder} did not open: {line}");
        if (kill)
        {
            while (await child.StandardOutput.ReadLineAsync() is { } said && said != Written)
            {
            }
            child.Kill();
        }
        await child.WaitForExitAsync();
        var closed = Stopwatch.GetElapsedTime(began) - started;
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return new Opened(
            started.TotalMilliseconds, long.Parse(openedUs, culture) / 1e3, long.Parse(cpuUs, culture) / 1e3, long.Parse(resident, culture), closed.TotalMilliseconds);
    }

    private static async Task WriteForeverAsync(Engine engine)
    {
        var posts = new Task[InFlight];
        for (var written = 0L; ; written += InFlight)
        {
            for (var i = 0; i < InFlight; i++)
            {
                var post = new NewPost(new UserId(1 + i), PostType.Text, Audience.Public, default, new PostBody("One more before the end.", []));
                posts[i] = engine.Publish.ExecuteAsync(post, null, CancellationToken.None).AsTask();
            }
            await Task.WhenAll(posts);
            if (written < PostsBeforeKill && written + InFlight >= PostsBeforeKill)
                Console.WriteLine(Written);
        }
    }
}
