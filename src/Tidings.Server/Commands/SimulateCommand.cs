using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tidings.Client;
using Tidings.Embedded;
using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary><c>tidings simulate</c>: a made-up network with its past, or its present in a running server. See docs/import.md.</summary>
internal static class SimulateCommand
{
    private static readonly Option<ulong> Seed = new("--seed") { Description = "The same seed makes the same network.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> People = new("--people") { Description = "10 to 5,000,000.", DefaultValueFactory = _ => 1_000 };

    private static readonly Option<int> Days = new("--days") { Description = "How many days pass. 1 to 365.", DefaultValueFactory = _ => 7 };

    private static readonly Option<double> PostsPerDay = new("--posts-per-day")
    {
        Description = "Posts of an average person a day. 0.001 to 100.", DefaultValueFactory = _ => 0.5,
    };

    private static readonly Option<double> Follows = new("--follows")
    {
        Description = "People whom an average person follows. 1 to 1,000.", DefaultValueFactory = _ => 30,
    };

    private static readonly Option<double> Reactions = new("--reactions")
    {
        Description = "Likes, comments, shares and hides of an average post. 0 to 100.", DefaultValueFactory = _ => 6,
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the record of a stopped server.", DefaultValueFactory = _ => "./data",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Address of a running server: the network lives there, through its API. Needs --admin-key, --service-key, or both.",
    };

    private static readonly Option<string?> AdminKey = new("--admin-key")
    {
        Description = "Adds the people. Without --service-key it also makes a service key for the time of the simulation.",
    };

    private static readonly Option<string?> ServiceKey = new("--service-key")
    {
        Description = "Acts for the people. Without --admin-key they have to be there from an earlier simulation of the same seed.",
    };

    private static readonly Option<string> Speed = new("--speed")
    {
        Description = "With --server: how much faster than the world the network lives, such as 60, or max.",
        DefaultValueFactory = _ => "60",
    };

    public static Command Create()
    {
        var command = new Command("simulate", "Make up a network from a seed: the past of a stopped server, or the present of a running one.")
        {
            Seed, People, Days, PostsPerDay, Follows, Reactions, Data, Server, AdminKey, ServiceKey, Speed,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where the simulation ran to its end, 1 where something stopped it.</returns>
    public static async Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var (write, errors) = (console.Profile.Out.Writer, line.InvocationConfiguration.Error);
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
            return Fail(errors, wrong);
        if (days is < 1 or > 365)
            return Fail(errors, $"The days are 1 to 365; this is {days}.");
        if (ParseSpeed(line.GetRequiredValue(Speed)) is not { } speed)
            return Fail(errors, "The speed is a number from 0.01 to 1,000,000, or max.");
        var server = line.GetValue(Server) is { } address ? ParseServer(address) : null;
        if (line.GetValue(Server) is not null && server is null)
            return Fail(errors, $"{line.GetValue(Server)} is no address of a server such as http://127.0.0.1:8080.");
        if (server is not null && line.GetValue(AdminKey) is null && line.GetValue(ServiceKey) is null)
            return Fail(errors, "--server needs --admin-key, --service-key, or both.");
        try
        {
            var started = clock.GetTimestamp();
            var network = new SimulatedNetwork(options);
            write.WriteLine(Text($"Seed {options.Seed}: {network.Graph.People:N0} people, {network.Graph.Follows:N0} follows, made in {clock.GetElapsedTime(started).TotalSeconds:N1} s."));
            if (server is not null)
                await SimulateServer.RunAsync(network, server, line.GetValue(AdminKey), line.GetValue(ServiceKey), speed, days, console, clock, ct);
            else
                await SimulateRecord.RunAsync(network, line.GetRequiredValue(Data), days, console, clock, ct);
            return 0;
        }
        catch (Exception e) when (e is SimulationException or RecordException or TidingsException or HttpRequestException
            or IOException or UnauthorizedAccessException)
        {
            return Fail(errors, e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Fail(errors, "Stopped halfway: what has happened so far stays.");
        }
    }

    private static Uri? ParseServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https" ? server : null;

    /// <returns>Null for what is no speed.</returns>
    public static double? ParseSpeed(string text)
    {
        if (text == "max")
            return double.PositiveInfinity;
        var number = text.TrimEnd('x', '×');
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is >= 0.01 and <= 1_000_000
            ? speed
            : null;
    }

    private static int Fail(TextWriter to, string why)
    {
        to.WriteLine($"Simulation failed: {why}");
        return 1;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
