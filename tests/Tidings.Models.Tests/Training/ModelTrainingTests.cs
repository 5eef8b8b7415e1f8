using Tidings.Models.Evaluation;
using Tidings.Models.Reports;
using Tidings.Models.Training;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Training;

public sealed class ModelTrainingTests
{
    private const long Begin = 1_767_571_200_000;

    private static readonly TrainingOptions Options = new() { Epochs = 6, Seed = 5 };

    /// <summary>Likes come with affinity, comments with being a friend, hides with links, shares by chance.</summary>
    private static List<LabelledSlate> Slates(int count = 400, ulong seed = 3)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(s =>
        {
            var facts = Enumerable.Range(0, 20).Select(_ => new CandidateFacts(
                Begin + s * 60_000L - random.Below(86_400_000), default, random.Below(4) == 0 ? Posts.PostType.Link : Posts.PostType.Text, random.Below(100),
                random.Below(5) == 0 ? Graph.Tie.Friend : Graph.Tie.None, false, 1, 10, false, 0))
                .OrderByDescending(f => f.PublishedUnixMs).ToArray();
            var rows = new float[facts.Length * Features.Count];
            Features.Fill(facts, Begin + s * 60_000L, 0, rows);
            var outcomes = Array.ConvertAll(facts, f =>
                (random.Below(200) < f.Affinity ? Outcome.Like : 0) | (f.Tie != 0 && random.Below(2) == 0 ? Outcome.Comment : 0)
                | (f.Type == Posts.PostType.Link && random.Below(5) == 0 ? Outcome.Hide : 0) | (random.Below(50) == 0 ? Outcome.Share : 0));
            return new LabelledSlate($"r{s % 37}", Begin + s * 60_000L, [.. Enumerable.Range(0, 20).Select(i => (ulong)i)], facts, rows, outcomes);
        })];
    }

    private static TrainingResult Train(TrainingOptions? options = null) => new ModelTraining(options ?? Options, "made").Run(Slates(), null, CancellationToken.None);

    [Fact]
    public void The_same_seed_and_slates_make_the_same_file_and_the_same_report()
    {
        var (once, again) = (Train(), Train());
        Assert.Equal(once.File, again.File);
        Assert.Equal(TrainingReport.Html(once, "tests"), TrainingReport.Html(again, "tests"));
        Assert.NotEqual(once.File, Train(Options with { Seed = 6 }).File);
    }

    [Fact]
    public void A_model_learns_which_head_comes_from_what()
    {
        // The order's weight would trade some of what a prediction says by itself for what it says beside the others.
        var result = Train(Options with { OrderWeight = 0, Epochs = 12 });
        Assert.True(result.HeadFigures[Heads.Like].Auc > 0.66, $"likes {result.HeadFigures[Heads.Like].Auc}");
        Assert.True(result.HeadFigures[Heads.Comment].Auc > 0.9, $"comments {result.HeadFigures[Heads.Comment].Auc}");
        Assert.True(result.HeadFigures[Heads.Hide].Auc > 0.8, $"hides {result.HeadFigures[Heads.Hide].Auc}");
        Assert.All(result.HeadFigures, head => Assert.True(head.CalibrationError < 0.05, $"{head.Head} {head.CalibrationError}"));
        Assert.Contains(result.Importance.Take(3), i => i.Feature == "author_affinity");
        Assert.All(result.Comparison.Pairs, pair => Assert.True(pair.Ahead[1].Low > 0, pair.Other));
    }

    [Fact]
    public void Nothing_in_the_report_reaches_over_its_edge()
    {
        var report = TrainingReport.Html(Train(), "tests");
        var widths = System.Text.RegularExpressions.Regex.Matches(report, "<rect class=\"bar\" x=\"([-0-9.]+)\" y=\"[0-9.]+\" width=\"([0-9.]+)\"");
        Assert.NotEmpty(widths);
        Assert.All(widths, bar => Assert.InRange(Number(bar, 1) + Number(bar, 2), 0, 640));

        static double Number(System.Text.RegularExpressions.Match match, int group) =>
            double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Nothing_is_learned_of_what_comes_after_the_split()
    {
        var result = Train();
        Assert.Equal(320, result.SlatesLearned);
        Assert.Equal(Begin + 320 * 60_000L, result.SplitUnixMs);
        Assert.Equal(80, result.Comparison.Slates + result.Comparison.Passed);
        var changed = Slates().Select((slate, s) => s < 320 ? slate : slate with { Outcomes = new Outcome[slate.Count] }).ToList();
        Assert.Equal(result.File, new ModelTraining(Options, "made").Run(changed, null, CancellationToken.None).File);
    }

    [Fact]
    public void What_the_model_shall_not_look_at_does_not_move_it()
    {
        var model = Train(Options with { Without = ["author_affinity", "is_friend"] }).Model;
        var rows = Slates(1)[0].Features;
        var changed = (float[])rows.Clone();
        for (var i = 0; i < rows.Length; i += Features.Count)
            (changed[i + 3], changed[i + 12]) = (100 - changed[i + 3], 1 - changed[i + 12]);
        Assert.Equal(Made.Predict(model, rows), Made.Predict(model, changed));
        Assert.NotEqual(Made.Predict(Train().Model, rows), Made.Predict(Train().Model, changed));
    }

    [Fact]
    public void Too_few_slates_and_slates_of_nothing_are_told_so()
    {
        Assert.Contains("50", Assert.Throws<TrainingException>(() => new ModelTraining(Options, "m").Run(Slates(49), null, CancellationToken.None)).Message);
        var nothing = Slates().ConvertAll(slate => slate with { Outcomes = new Outcome[slate.Count] });
        Assert.Contains("nothing to learn", Assert.Throws<TrainingException>(() => new ModelTraining(Options, "m").Run(nothing, null, CancellationToken.None)).Message);
        Assert.Contains("'fame'", (Options with { Without = ["fame"] }).Check());
    }
}
