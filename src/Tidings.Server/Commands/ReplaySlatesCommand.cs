using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Tidings.Feeds;
using Tidings.Models;
using Tidings.Ranking;
using Tidings.Server.Ranking;

namespace Tidings.Server.Commands;

/// <summary><c>tidings replay-slates</c>: what logged pages would have been worth under other ways of ranking. See docs/ranking.md.</summary>
internal static class ReplaySlatesCommand
{
    private static readonly Option<string> Trace = new("--trace")
    {
        Description = "What export-slates --all-candidates wrote, as NDJSON.", Required = true,
    };

    private static readonly Option<string[]> Presets = new("--preset")
    {
        Description = $"Ways of ranking to replay under: {string.Join(", ", RankingPresets.All.Keys)}. Default: all.", AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Model = new("--model") { Description = "A model's file: replays under it, too." };

    private static readonly Option<float[]> Weights = new("--weights")
    {
        Description = "With --model: what a like, a comment and a share are worth, and what a hide takes. Default 1 2 3 5.",
        AllowMultipleArgumentsPerToken = true, Arity = new ArgumentArity(0, Heads.Count),
    };

    /// <param name="openModel">Opens a model's file.</param>
    public static Command Create(Func<string, IRankingModel>? openModel)
    {
        var command = new Command("replay-slates", "Estimate what logged pages would have been worth under other ways of ranking.") { Trace, Presets };
        if (openModel is not null)
        {
            command.Options.Add(Model);
            command.Options.Add(Weights);
        }
        command.SetAction((line, ct) => Task.FromResult(Run(line, AnsiConsole.Console, openModel, ct)));
        return command;
    }

    /// <returns>The exit code: 0 where all were replayed, 1 where something stopped it.</returns>
    public static int Run(ParseResult line, IAnsiConsole console, Func<string, IRankingModel>? openModel, CancellationToken ct)
    {
        var (errors, output) = (line.InvocationConfiguration.Error, console.Profile.Out.Writer);
        try
        {
            var policies = Policies(line, openModel);
            var slates = SlateFile.Read(line.GetRequiredValue(Trace), ct);
            output.WriteLine($"{slates.Count} slates of {slates.DistinctBy(joined => joined.Slate.Reader).Count()} readers; value of the slots in play, for a page, with 95 %:");
            if (slates.All(joined => joined.Slate.Entries.Take(joined.Slate.Count).All(entry => entry.Position >= 0)))
                output.WriteLine("No slate tells of candidates that were not on its page, as without --all-candidates: other ways of ranking choose among what was shown.");
            foreach (var policy in policies)
                output.WriteLine(Line(ReplaySlates.Run(policy, slates)));
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or ModelFileException or IOException or UnauthorizedAccessException or ReplayUsageException)
        {
            errors.WriteLine($"Replay failed: {e.Message}");
            return 1;
        }
    }

    private static List<ReplayPolicy> Policies(ParseResult line, Func<string, IRankingModel>? openModel)
    {
        var names = line.GetValue(Presets) is { Length: > 0 } given ? given : [.. RankingPresets.All.Keys];
        var policies = names.Select(name => RankingPresets.All.TryGetValue(name, out var profile)
            ? new ReplayPolicy(name, profile, null)
            : throw new ReplayUsageException($"There is no preset {name}; there are {string.Join(", ", RankingPresets.All.Keys)}.")).ToList();
        if (openModel is null || line.GetValue(Model) is not { } file)
            return policies;
        var weights = line.GetValue(Weights) switch
        {
            null or [] => HeadWeights.Default,
            [var like, var comment, var share, var hide] => new HeadWeights(like, comment, share, hide),
            _ => throw new ReplayUsageException("--weights takes four numbers: like, comment, share, hide."),
        };
        var profile = RankingProfile.Default with { HeadWeights = weights };
        if (profile.Check() is { } wrong)
            throw new ReplayUsageException(wrong.Detail);
        policies.Add(new ReplayPolicy(Path.GetFileName(file), profile, openModel(file)));
        return policies;
    }

    private static string Line(ReplayReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {report.Policy,-16} {Text(report.Value)}  over the logged order {Text(report.Gain)}  effective slots {report.EffectiveSlots:N0}  coverage {report.Coverage:P0}");

    private static string Text(Estimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{estimate.Mean:0.0000} ({estimate.Low:0.0000} to {estimate.High:0.0000})");
}

internal sealed class ReplayUsageException(string message) : Exception(message);
