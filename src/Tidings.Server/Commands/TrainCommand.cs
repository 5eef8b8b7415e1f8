using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tidings.Import;
using Tidings.Models.Evaluation;
using Tidings.Models.Reports;
using Tidings.Models.Training;
using Tidings.Server.Training;

namespace Tidings.Server.Commands;

/// <summary><c>tidings train</c>: a model from slates, with a report of how good it is. See docs/models.md.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string[]> Files = new("files")
    {
        Description = "Slates as NDJSON, plain or gzip, such as the feature log is exported as.", Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Simulate = new("--simulate") { Description = "Learn from simulated networks instead of files." };

    private static readonly Option<int> Days = new("--days") { Description = "With --simulate: days that pass in each network. 4 to 60.", DefaultValueFactory = _ => 8 };

    private static readonly Option<int> Slates = new("--slates") { Description = "With --simulate: slates, about. 100 to 1,000,000.", DefaultValueFactory = _ => 100_000 };

    private static readonly Option<ulong> Seed = new("--seed") { Description = "The same seed and slates make the same file, byte for byte.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Epochs = new("--epochs") { Description = "Passes over the slates. 1 to 100.", DefaultValueFactory = _ => new TrainingOptions().Epochs };

    private static readonly Option<double> HeldOut = new("--held-out")
    {
        Description = "Share of the slates, the latest, that are only measured. 0.05 to 0.5.", DefaultValueFactory = _ => new TrainingOptions().HeldOut,
    };

    private static readonly Option<string> Without = new("--without")
    {
        Description = "Features that the model shall not look at, with commas between.", DefaultValueFactory = _ => "",
    };

    private static readonly Option<double> OrderWeight = new("--order-weight")
    {
        Description = "What the order within a slate weighs beside the log loss of the heads. 0 to 10.", DefaultValueFactory = _ => new TrainingOptions().OrderWeight,
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The model's file; the report goes beside it, with .html for .onnx.", DefaultValueFactory = _ => "./model.onnx",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "The model's name. Default: that of the file." };

    private static readonly Option<long> BadLinesMax = new("--bad-lines-max")
    {
        Description = "Stop at the first bad line over this many in a file.", DefaultValueFactory = _ => BadLines.MaxDefault,
    };

    public static Command Create()
    {
        var command = new Command("train", "Train a ranking model, and report how good it is on slates that it hasn't seen.")
        {
            Files, Simulate, Days, Slates, Seed, Epochs, HeldOut, OrderWeight, Without, Out, Name, BadLinesMax,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where a model was written, 1 where something stopped it.</returns>
    public static async Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var (write, errors) = (console.Profile.Out.Writer, line.InvocationConfiguration.Error);
        var options = new TrainingOptions
        {
            Seed = line.GetValue(Seed),
            Epochs = line.GetValue(Epochs),
            HeldOut = line.GetValue(HeldOut),
            OrderWeight = line.GetValue(OrderWeight),
            Without = line.GetRequiredValue(Without).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
        var (files, simulate) = (line.GetValue(Files) ?? [], line.GetValue(Simulate));
        if (options.Check() is { } wrong)
            return Fail(errors, wrong);
        if (simulate == files.Length > 0)
            return Fail(errors, "Say what to learn from: files of slates, or --simulate.");
        if (line.GetValue(Days) is < 4 or > 60 || line.GetValue(Slates) is < 100 or > 1_000_000)
            return Fail(errors, "The days are 4 to 60 and the slates 100 to 1,000,000.");
        try
        {
            var view = new ProgressView(console, clock);
            var slates = simulate
                ? await view.RunAsync("Simulated networks", "looks", report => Task.Run(
                    () => new SimulatedSlates(options.Seed, line.GetValue(Days), line.GetValue(Slates)).Make(done => report(done, (long)(done * line.GetValue(Slates))), ct), ct))
                : SlateFiles.Read(files, line.GetValue(BadLinesMax), write);
            var path = line.GetRequiredValue(Out);
            var name = line.GetValue(Name) ?? Path.GetFileNameWithoutExtension(path);
            write.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slates.Count:N0} slates of {slates.Sum(s => (long)s.Count):N0} candidates."));
            var began = clock.GetTimestamp();
            var result = await view.RunAsync("Training", "passes", report => Task.Run(() => new ModelTraining(options, name).Run(
                slates, new Steps(progress => report(progress.Fraction, progress.Epoch)), ct), ct));
            write.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Trained and measured in {clock.GetElapsedTime(began).TotalSeconds:N1} s."));
            FigureTable.Write(write, result.Comparison);
            FigureTable.Write(write, result.HeadFigures);
            await File.WriteAllBytesAsync(path, result.File, ct);
            await File.WriteAllTextAsync(Path.ChangeExtension(path, ".html"), TrainingReport.Html(result, simulate ? "simulated networks" : string.Join(", ", files.Select(Path.GetFileName))), ct);
            write.WriteLine($"{path}: {result.Model.Name}, version {result.Model.Version}, {result.File.Length} bytes. Report: {Path.ChangeExtension(path, ".html")}");
            return 0;
        }
        catch (Exception e) when (e is TrainingException or ImportSourceException or IOException or UnauthorizedAccessException)
        {
            return Fail(errors, e.Message);
        }
        catch (TooManyBadLinesException e)
        {
            ImportReport.WriteLines(errors, e.First);
            return Fail(errors, e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Fail(errors, "Stopped: nothing was written.");
        }
    }

    private static int Fail(TextWriter to, string why)
    {
        to.WriteLine($"Training failed: {why}");
        return 1;
    }

    private sealed class Steps(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
