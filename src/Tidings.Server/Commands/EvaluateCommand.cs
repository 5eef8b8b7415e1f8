using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tidings.Import;
using Tidings.Models;
using Tidings.Models.Evaluation;
using Tidings.Models.Training;
using Tidings.Ranking;
using Tidings.Server.Scoring;
using Tidings.Server.Training;

namespace Tidings.Server.Commands;

/// <summary><c>tidings evaluate</c>: how well time order, the formulas and a model rank what was recorded. See docs/models.md.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<string[]> Trace = new("--trace")
    {
        Description = "Slates as NDJSON, plain or gzip: candidates, and what came of each.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Higgs = new("--higgs")
    {
        Description = "An activity log of RT, MT and RE, plain or gzip. Slates are made of it, and a model is trained on those before --split.",
    };

    private static readonly Option<string[]> Graph = new("--graph")
    {
        Description = "With --higgs: edge lists of who follows whom. Each is evaluated by itself, beside ties grown from the log.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Split = new("--split")
    {
        Description = "With --higgs: the share of the log's lines before the split. 0.1 to 0.95.", DefaultValueFactory = _ => 0.7,
    };

    private static readonly Option<bool> Authors = new("--authors") { Description = "With --higgs: rank authors by their newest post, not all posts." };

    private static readonly Option<string?> Model = new("--model") { Description = "A model's file. Default: the model that ships." };

    private static readonly Option<string?> SaveModel = new("--save-model") { Description = "With --higgs: where to write the model trained before the split." };

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Of the training.", DefaultValueFactory = _ => 1 };

    private static readonly Option<long> BadLinesMax = new("--bad-lines-max")
    {
        Description = "Stop at the first bad line over this many in a file.", DefaultValueFactory = _ => BadLines.MaxDefault,
    };

    public static Command Create()
    {
        var command = new Command("evaluate", "Rank what was recorded by time, by the formulas and by a model, and compare.")
        {
            Trace, Higgs, Graph, Split, Authors, Model, SaveModel, Seed, BadLinesMax,
        };
        command.SetAction((line, ct) => RunAsync(line, AnsiConsole.Console, TimeProvider.System, ct));
        return command;
    }

    /// <returns>The exit code: 0 where something was evaluated, 1 where something stopped it.</returns>
    public static Task<int> RunAsync(ParseResult line, IAnsiConsole console, TimeProvider clock, CancellationToken ct)
    {
        var (write, errors) = (console.Profile.Out.Writer, line.InvocationConfiguration.Error);
        var traces = line.GetValue(Trace) ?? [];
        if (line.GetValue(Higgs) is null == (traces.Length == 0))
            return Task.FromResult(Fail(errors, "Say what to evaluate on: --trace or --higgs."));
        if (line.GetValue(Split) is not (>= 0.1 and <= 0.95))
            return Task.FromResult(Fail(errors, "The split is 0.1 to 0.95."));
        return Task.Run(() =>
        {
            try
            {
                var model = LocalModels.Of(line.GetValue(Model) ?? LocalModels.Shipped) ?? throw new ModelFileException("There has to be a model to evaluate.");
                if (line.GetValue(Higgs) is { } log)
                {
                    new HiggsEvaluation(log, line.GetValue(Graph) ?? [], line.GetValue(Split), line.GetValue(Authors), line.GetValue(Seed), line.GetValue(BadLinesMax), write)
                        .Run(model, line.GetValue(SaveModel), clock, ct);
                    return 0;
                }
                return RunTraces(traces, model, line.GetValue(BadLinesMax), write, errors, ct);
            }
            catch (Exception e) when (e is TrainingException or ModelFileException or ImportSourceException or IOException or UnauthorizedAccessException)
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
                return Fail(errors, "Stopped.");
            }
        }, CancellationToken.None);
    }

    private static int RunTraces(string[] paths, IRankingModel model, long badLinesMax, TextWriter write, TextWriter errors, CancellationToken ct)
    {
        var comparison = new Comparison([Ranker.Time, Ranker.Seed, Ranker.Base, Ranker.Of(model)]);
        foreach (var slate in paths.SelectMany(path => SlateFiles.Walk(path, badLinesMax, write)))
        {
            ct.ThrowIfCancellationRequested();
            comparison.Add(slate);
        }
        var result = comparison.Result();
        write.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Model {model.Name}, version {model.Version}"));
        FigureTable.Write(write, result);
        return result.Slates > 0 ? 0 : Fail(errors, "There is no slate in which something came of some candidates and nothing of others.");
    }

    private static int Fail(TextWriter to, string why)
    {
        to.WriteLine($"Evaluation failed: {why}");
        return 1;
    }
}
