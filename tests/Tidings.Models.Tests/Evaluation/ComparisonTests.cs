using Tidings.Models.Evaluation;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Evaluation;

public sealed class ComparisonTests
{
    private static LabelledSlate Slate(string reader, params Outcome[] outcomes) => new(reader, 1_000_000, [.. outcomes.Select((_, i) => (ulong)i)],
        [.. outcomes.Select((_, i) => new CandidateFacts(999_000 - i, default, Posts.PostType.Text, 0, Graph.Tie.None, false, 1, 0, false, 0))],
        new float[outcomes.Length * Features.Count], outcomes);

    [Fact]
    public void Figures_are_those_of_their_formulas()
    {
        // Newest first is the order as written: the good ones are at ranks 2 and 4.
        var figures = new SlateOrder().Figures(Slate("a", Outcome.Hide, Outcome.Like, Outcome.None, Outcome.Share), Ranker.Time);
        Assert.Equal(0.5, figures.ReciprocalRank);
        Assert.Equal(1, figures.Hit);
        Assert.Equal((1 / Math.Log2(3) + 3 / Math.Log2(5)) / (3 / Math.Log2(2) + 1 / Math.Log2(3)), figures.Ndcg, 12);
    }

    [Fact]
    public void What_is_below_the_tenth_place_is_no_hit_but_has_a_rank()
    {
        var figures = new SlateOrder().Figures(Slate("a", [.. Enumerable.Repeat(Outcome.None, 10), Outcome.Like]), Ranker.Time);
        Assert.Equal((1.0 / 11, 0.0, 0.0), (figures.ReciprocalRank, figures.Ndcg, figures.Hit));
    }

    [Fact]
    public void Neither_a_place_in_the_file_nor_a_rising_id_breaks_a_tie()
    {
        var random = new Models.Training.SeededRandom(1);
        var same = new Ranker("same", (_, scores) => scores.Clear());
        var mean = Enumerable.Range(0, 4_000).Average(_ =>
        {
            var first = random.Next() >> 20;
            var slate = Slate("a", Outcome.Like, Outcome.None, Outcome.None, Outcome.None);
            slate = slate with { Ids = [first, first + 1, first + 2, first + 3], Facts = Array.ConvertAll(slate.Facts, f => f with { PublishedUnixMs = 5 }) };
            return new SlateOrder().Figures(slate, same).ReciprocalRank;
        });
        Assert.Equal((1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 4, mean, 0.02);
    }

    [Fact]
    public void An_interval_is_wider_where_a_few_readers_say_it_all()
    {
        var values = Enumerable.Range(0, 600).Select(i => i % 60 < 30 ? 1.0 : 0).ToArray();
        var many = new Bootstrap([.. Enumerable.Range(0, 600).Select(i => $"{i}")]).Of([values])[0];
        var few = new Bootstrap([.. Enumerable.Range(0, 600).Select(i => $"{i % 60}")]).Of([values])[0];
        Assert.Equal((0.5, 0.5), (many.Mean, few.Mean));
        // The deviation of the mean of n halves is 0.5 / √n.
        Assert.InRange(many.High - many.Low, 0.07, 0.09);
        Assert.InRange(few.High - few.Low, 0.22, 0.28);
    }

    [Fact]
    public void A_model_is_held_against_every_formula_slate_by_slate()
    {
        var right = new Ranker("right", (slate, scores) =>
        {
            for (var i = 0; i < slate.Count; i++)
                scores[i] = LabelledSlate.Gain(slate.Outcomes[i]);
        }, IsModel: true);
        var comparison = new Comparison([Ranker.Time, Ranker.Base, right]);
        for (var s = 0; s < 50; s++)
            comparison.Add(Slate($"r{s}", Outcome.None, s % 2 == 0 ? Outcome.Like : Outcome.None, Outcome.Comment));
        comparison.Add(Slate("x", Outcome.None, Outcome.None));
        comparison.Add(Slate("x", Outcome.Like));
        var result = comparison.Result();
        Assert.Equal((50, 2, 50), (result.Slates, result.Passed, result.Readers));
        Assert.Equal(["time order", "base score with affinity"], result.Pairs.Select(p => p.Other));
        Assert.All(result.Pairs, pair => Assert.True(pair.Ahead[0].ExcludesZero && pair.Ahead[0].Low > 0));
        Assert.Equal(1, result.Rankers[^1].Figures[1].Mean);
    }

    [Fact]
    public void The_area_under_the_curve_and_the_calibration_are_those_of_their_definitions()
    {
        var figures = HeadFigures.Of("like", [0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true]);
        Assert.Equal(0.75, figures.Auc, 12);
        Assert.Equal(0.5, figures.Rate);
        Assert.Equal(0.5, HeadFigures.Of("like", [0.3f, 0.3f, 0.3f], [true, false, true]).Auc);
        Assert.True(double.IsNaN(HeadFigures.Of("like", [0.3f], [true]).Auc));
        var even = Enumerable.Range(0, 1_000).Select(i => i % 10 == 0).ToArray();
        Assert.Equal(0, HeadFigures.Of("like", [.. even.Select(_ => 0.1f)], even).CalibrationError, 0.03);
    }
}
