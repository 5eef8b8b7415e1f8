using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tidings.Embedded;
using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary><c>tidings simulate</c>: a made-up network with its past, or its present in a running server. See docs/import.md.</summary>
internal static class SimulateCommand
{
    private static readonly Option<ulong> Seed = new("--seed") { Description = "The same seed makes the same network. Default 1.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> People = new("--people") { Description = "10 to 5,000,000; default 1,000.", DefaultValueFactory = _ => 1_000 };

    private static readonly Option<int> Days = new("--days") { Description = "How many days pass. 1 to 365; default 7.", DefaultValueFactory = _ => 7 };

    private static readonly Option<double> PostsPerDay = new("--posts-per-day")
    {
        Description = "Posts of an average person a day. 0.001 to 100; default 0.5.", DefaultValueFactory = _ => 0.5,
    };

    private static readonly Option<double> Follows = new("--follows")
    {
        Description = "People whom an average person follows. 1 to 1,000; default 30.", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<double> Reactions = new("--reactions")
    {
        Description = "Likes, comments, shares and hides of an average post. 0 to 100; default 6.", DefaultValueFactory = _ => 6,
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the record of a stopped server. Default ./data.", DefaultValueFactory = _ => "./data",
    };

    public static Command Create()
    {
        var command = new Command("simulate", "Make up a network from a seed: the past of a stopped server, or the present of a running one.")
        {
            Seed, People, Days, PostsPerDay, Follows, Reactions, Data,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where the simulation ran to its end, 1 where something stopped it.</returns>
    public static async Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var write = console.Profile.Out.Writer;
        var options = new SimulationOptions
        {
            Seed = line.GetValue(Seed),
            People = line.GetValue(People),
            PostsPerDay = line.GetValue(PostsPerDay),
            FollowsPerPerson = line.GetValue(Follows),
            ReactionsPerPost = line.GetValue(Reactions),
        };
        var days = line.GetValue(Days);
        if (options.Check() is { } wrong)
            return Fail(write, wrong);
        if (days is < 1 or > 365)
            return Fail(write, $"The days are 1 to 365; this is {days}.");
        try
        {
            var started = clock.GetTimestamp();
            var network = new SimulatedNetwork(options);
            write.WriteLine(Text($"Seed {options.Seed}: {network.Graph.People:N0} people, {network.Graph.Follows:N0} follows, made in {clock.GetElapsedTime(started).TotalSeconds:N1} s."));
            await IntoRecordAsync(network, line.GetRequiredValue(Data), days, console, clock, ct);
            return 0;
        }
        catch (Exception e) when (e is SimulatedBeforeException or RecordException or IOException or UnauthorizedAccessException)
        {
            return Fail(write, e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Fail(write, "Stopped halfway: what has happened so far stays.");
        }
    }

    private static async Task IntoRecordAsync(
        SimulatedNetwork network, string data, int days, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var from = now.AddDays(-days);
        var replay = new ReplayClock(clock);
        var options = RecordOpening.Options(data);
        await using var simulation = new StoppedServerSimulation(
            network, replay, (time, stop) => EmbeddedProfile.OpenAsync(options, time, null, stop));
        var view = new ProgressView(console, clock);
        await view.RunAsync("People and ties", "stored", report => Task.Run(
            async () =>
            {
                var stored = 0L;
                await simulation.SettleAsync(from, count => report(Math.Min(1, (stored += count) / ExpectedTies(network)), stored), ct);
                return stored;
            }, ct));
        var started = clock.GetTimestamp();
        var counts = await view.RunAsync("Days", "actions", report => Task.Run(
            () => simulation.LiveAsync(from, now, c => report(Passed(c, from, now), c.Actions), ct), ct));
        Summarise(console.Profile.Out.Writer, counts, clock.GetElapsedTime(started));
    }

    /// <summary>People, follows, and some five friendships for two people.</summary>
    private static double ExpectedTies(SimulatedNetwork network) => network.Graph.Follows + network.Graph.People * 3.5;

    private static double Passed(in SimulationCounts counts, DateTimeOffset from, DateTimeOffset until) =>
        (counts.LastUnixMs - from.ToUnixTimeMilliseconds()) / (until - from).TotalMilliseconds;

    private static void Summarise(TextWriter to, SimulationCounts counts, TimeSpan took) => to.WriteLine(Text(
        $"{counts.Posts:N0} posts, {counts.Likes:N0} likes, {counts.Comments:N0} comments, {counts.Shares:N0} shares, {counts.Hides:N0} hides in {took.TotalSeconds:N1} s ({counts.Actions / Math.Max(0.001, took.TotalSeconds):N0} actions/s); {counts.Refused:N0} refused."));

    private static int Fail(TextWriter to, string why)
    {
        to.WriteLine($"Simulation failed: {why}");
        return 1;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
