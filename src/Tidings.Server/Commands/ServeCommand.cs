using System.Collections;
using System.CommandLine;
using Tidings.Embedded;
using Tidings.Models;
using Tidings.Server.Demo;
using Tidings.Server.Hosting;
using Tidings.Server.Security;
using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary>The program without a command: serves.</summary>
internal static class ServeCommand
{
    /// <summary>Exit codes beside 0 and <see cref="FailStop.ExitCode"/>.</summary>
    public const int BadSettings = 2;

    private const int NoRecord = 3, NoAddress = 4;

    public static RootCommand Create()
    {
        var root = new RootCommand("Tidings: a personalised news feed. Without a command it serves; every option is also a variable, --data is TIDINGS_DATA.");
        foreach (var setting in ServeSettings.All)
            root.Options.Add(setting.Option);
        root.SetAction((line, ct) =>
        {
            var errors = new List<string>();
            var options = ServeSettings.Read(line, Variables(), errors);
            ListenAddresses.Check(options, errors);
            TrustedProxies.Check(options, errors);
            OutsideIssuer.Check(options, errors);
            return errors.Count == 0 ? ServeAsync(options, ct) : Task.FromResult(Fail(BadSettings, [.. errors]));
        });
        return root;
    }

    private static async Task<int> ServeAsync(ServeOptions options, CancellationToken ct)
    {
        // Before anything is made: what is shown once, at the first start, must not be made by a start that can't go on.
        if (ListenAddresses.Taken(options) is { } taken)
            return Fail(NoAddress, $"{taken} is in use by another program. Name another address with --urls.");
        var progress = new LoadProgressLines(Console.Error);
        var clock = options.Demo ? new ReplayClock(TimeProvider.System) : TimeProvider.System;
        TidingsServer server;
        try
        {
            server = await TidingsServer.OpenAsync(options, clock, progress, null, ct);
        }
        catch (RecordException e)
        {
            return Fail(NoRecord, e.Message);
        }
        catch (Exception e) when (e is ModelFileException or FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail(BadSettings, $"--model is '{options.Model}'. {e.Message}");
        }

        await using (server)
        {
            try
            {
                await server.StartAsync(ct);
            }
            catch (IOException e)
            {
                return Fail(NoAddress, e.Message);
            }
            catch (DemoRefusedException e)
            {
                return Fail(BadSettings, e.Message);
            }
            Welcome.Print(Console.Out, server);
            return await server.RunToEndAsync(ct);
        }
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string)v.Value!);

    private static int Fail(int code, params string[] errors)
    {
        foreach (var error in errors)
            Console.Error.WriteLine($"tidings: {error}");
        return code;
    }
}
