using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Tidings.Embedded;
using Tidings.Feeds;
using Tidings.Server.Ranking;

namespace Tidings.Server.Commands;

/// <summary><c>tidings export-slates</c>: the logged pages of a stopped server, each with what came of it. See docs/ranking.md.</summary>
internal static class ExportSlatesCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "Folder of the record.", DefaultValueFactory = _ => "./data" };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "File to write: NDJSON, a slate a line, or CSV, a candidate a line, where the name ends in .csv.", Required = true,
    };

    private static readonly Option<double> WindowHours = new("--window-hours")
    {
        Description = "What a reader does later than this after a page doesn't count for it. 0.1 to 168.",
        DefaultValueFactory = _ => JoinOutcomes.WindowDefault.TotalHours,
    };

    private static readonly Option<bool> All = new("--all-candidates")
    {
        Description = "With the candidates that weren't on the page, without labels: replay-slates needs them.",
    };

    public static Command Create()
    {
        var command = new Command("export-slates", "Write the logged pages of a stopped server, with what came of them, to a file.")
        {
            Data, Out, WindowHours, All,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where the file is whole, 1 where something stopped it.</returns>
    public static async Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var (file, hours, all) = (line.GetRequiredValue(Out), line.GetValue(WindowHours), line.GetValue(All));
        var (errors, folder) = (line.InvocationConfiguration.Error, line.GetRequiredValue(Data));
        if (hours is not (>= 0.1 and <= 168))
        {
            errors.WriteLine("Export failed: --window-hours is 0.1 to 168.");
            return 1;
        }
        if (!Directory.Exists(folder))
        {
            errors.WriteLine($"Export failed: There is no folder {folder}.");
            return 1;
        }
        try
        {
            await using var profile = await RecordOpening.OpenAsync(folder, clock, console, ct);
            var joined = new JoinOutcomes(profile.Slates, profile.Events, profile.SeenPosts).ReadAsync(TimeSpan.FromHours(hours), ct);
            await using var target = File.Create(file);
            var count = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
                ? await CsvAsync(target, joined, all)
                : await NdjsonAsync(target, joined, all);
            console.Profile.Out.Writer.WriteLine($"{count} slates");
            return 0;
        }
        catch (Exception e) when (e is RecordException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"Export failed: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            errors.WriteLine("Stopped. The file is not whole.");
            return 1;
        }
    }

    public static async Task<int> NdjsonAsync(Stream target, IAsyncEnumerable<JoinedSlate> joined, bool all)
    {
        var count = 0;
        await using var json = new Utf8JsonWriter(target);
        await foreach (var slate in joined)
        {
            SlateWriters.Json(json, slate, all);
            await json.FlushAsync();
            target.WriteByte((byte)'\n');
            json.Reset();
            count++;
        }
        return count;
    }

    private static async Task<int> CsvAsync(Stream target, IAsyncEnumerable<JoinedSlate> joined, bool all)
    {
        var count = 0;
        await using var csv = new StreamWriter(target) { NewLine = "\n" };
        csv.WriteLine(SlateWriters.CsvHeader);
        await foreach (var slate in joined)
        {
            SlateWriters.Csv(csv, slate, all);
            count++;
        }
        return count;
    }
}
