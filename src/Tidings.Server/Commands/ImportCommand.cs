using System.CommandLine;
using Spectre.Console;
using Tidings.Embedded;
using Tidings.Import;

namespace Tidings.Server.Commands;

/// <summary><c>tidings import</c>: files into the record of a server that isn't running. See docs/import.md.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string[]> Files = new("files")
    {
        Description = "Edge lists, people, posts or activity logs, plain or gzip, read in this order.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the record; made where there is none.",
        DefaultValueFactory = _ => "./data",
    };

    private static readonly Option<ImportFormat?> Format = new("--format")
    {
        Description = "What the files hold: edges, people, posts or activity. Default: each file's name tells.",
    };

    private static readonly Option<string> HandlePrefix = new("--handle-prefix")
    {
        Description = "Edges and activity: the person with the id 123 gets the handle x123.",
        DefaultValueFactory = _ => "x",
    };

    private static readonly Option<bool> BothWays = new("--both-ways")
    {
        Description = "Edges: read each pair as two follows, one in each direction.",
    };

    private static readonly Option<long> BadLinesMax = new("--bad-lines-max")
    {
        Description = "Stop at the first bad line over this many in a file.",
        DefaultValueFactory = _ => BadLines.MaxDefault,
    };

    public static Command Create()
    {
        var command = new Command("import", "Import follows, people, posts or an activity log into the record of a stopped server.")
        {
            Files, Data, Format, HandlePrefix, BothWays, BadLinesMax,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where everything was imported, 1 where something stopped it.</returns>
    public static async Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var errors = line.InvocationConfiguration.Error;
        try
        {
            var files = line.GetRequiredValue(Files).Select(file => (Path: file, Options: OptionsOf(line, file))).ToList();
            if (line.GetValue(BothWays) && !files.Exists(f => f.Options.BothWays))
                throw new ImportUsageException("--both-ways is for edges, and none of the files is an edge list.");
            await using var profile = await RecordOpening.OpenAsync(line.GetRequiredValue(Data), clock, console, ct);
            var importer = new Importer(profile.Bulk, profile.People, clock);
            var known = new IdMap();
            foreach (var (path, options) in files)
                await ImportAsync(importer, path, options, known, console, clock, ct);
            return 0;
        }
        catch (TooManyBadLinesException e)
        {
            errors.WriteLine($"Import failed: {e.Message}");
            ImportReport.WriteLines(errors, e.First);
            return 1;
        }
        catch (Exception e) when (e is ImportSourceException or ImportUsageException or IOException
            or UnauthorizedAccessException or RecordException)
        {
            errors.WriteLine($"Import failed: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            errors.WriteLine("Stopped. The same command goes on where this one was.");
            return 1;
        }
    }

    /// <exception cref="ImportUsageException">The options contradict each other, or the file is not there or can't be told what it is.</exception>
    private static ImportOptions OptionsOf(ParseResult line, string file)
    {
        if (!File.Exists(file))
            throw new ImportUsageException($"There is no file {file}.");
        var format = line.GetValue(Format) ?? ImportFormats.Guess(Path.GetFileName(file))
            ?? throw new ImportUsageException($"The name of {file} does not tell what it holds: say --format edges, people, posts or activity.");
        var options = new ImportOptions
        {
            Format = format,
            HandlePrefix = line.GetRequiredValue(HandlePrefix),
            BothWays = line.GetValue(BothWays) && format == ImportFormat.Edges,
            BadLinesMax = line.GetValue(BadLinesMax),
        };
        return options.Check() is { } wrong ? throw new ImportUsageException(wrong) : options;
    }

    private static async Task ImportAsync(
        Importer importer, string path, ImportOptions options, IdMap known, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        using var source = SourceFile.Open(path);
        var unit = UnitOf(options.Format);
        var started = clock.GetTimestamp();
        var summary = await new ProgressView(console, clock).RunAsync(source.Name, unit, report => Task.Run(
            () => importer.RunAsync(source, options, known, new Reporter(report), ct), ct));
        ImportReport.Write(console.Profile.Out.Writer, source.Name, unit, summary, clock.GetElapsedTime(started));
    }

    private static string UnitOf(ImportFormat format) => format switch
    {
        ImportFormat.Edges => "follows",
        ImportFormat.People => "people",
        _ => "posts",
    };

    /// <summary>Reports in the thread of the import, in order: <see cref="Progress{T}"/> would let later figures overtake earlier ones.</summary>
    private sealed class Reporter(ProgressView.Report report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) =>
            report(value.BytesTotal == 0 ? 1 : (double)value.BytesRead / value.BytesTotal, value.Stored);
    }
}

internal sealed class ImportUsageException(string message) : Exception(message);
