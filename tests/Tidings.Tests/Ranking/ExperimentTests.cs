using Tidings.People;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Ranking;

public sealed class ExperimentTests
{
    private static Experiment Made(string name, params (string Name, float Share)[] variants) => new(
        1, name, 1, 0, "", 0.2f, [.. variants.Select(variant => new Variant(variant.Name, variant.Share, RankingProfile.Default))]);

    [Fact]
    public void Readers_are_dealt_out_by_the_shares_always_the_same_and_anew_in_each_experiment()
    {
        var (one, other) = (Made("one", ("a", 0.5f), ("b", 0.3f)), Made("other", ("a", 0.5f), ("b", 0.3f)));
        var counts = new int[3];
        var both = 0;
        for (var reader = 1; reader <= 100_000; reader++)
        {
            var variant = one.VariantOf(new UserId(reader));
            Assert.Equal(variant, Made("one", ("a", 0.5f), ("b", 0.3f)).VariantOf(new UserId(reader)));
            counts[variant + 1]++;
            both += variant == 0 && other.VariantOf(new UserId(reader)) == 0 ? 1 : 0;
        }
        Assert.InRange(counts[0], 19_500, 20_500);
        Assert.InRange(counts[1], 49_500, 50_500);
        Assert.InRange(counts[2], 29_500, 30_500);
        Assert.InRange(both, 24_500, 25_500);
    }

    [Fact]
    public void A_larger_share_keeps_those_who_were_in() => Assert.All(Enumerable.Range(1, 10_000), reader => Assert.True(
        Made("x", ("a", 0.1f), ("b", 0.1f)).VariantOf(new UserId(reader)) != 0 || Made("x", ("a", 0.3f), ("b", 0.1f)).VariantOf(new UserId(reader)) == 0));

    [Theory]
    [InlineData("Upper", 0.5f, "name")]
    [InlineData("", 0.5f, "name")]
    [InlineData("fine", 0.6f, "share")]
    [InlineData("fine", 0f, "share")]
    [InlineData("fine", float.NaN, "share")]
    public void What_makes_no_sense_names_the_field(string name, float share, string field)
    {
        Assert.Equal(field, Made(name, ("a", share), ("b", share)).Check()?.Field);
        Assert.Equal("variants", Made("x", ("a", 0.1f), ("a", 0.1f)).Check()?.Field);
        Assert.Equal("variants", Made("x", ("a", 0.1f)).Check()?.Field);
        Assert.Null(Made("x", ("a", 0.5f), ("b", 0.5f)).Check());
    }

    /// <summary>2,000 experiments in which nothing is wrong, each looked at after every one of 2,000 events: a test that may be looked at once only
    /// would end a third of them.</summary>
    [Fact]
    public void A_guardrail_that_is_looked_at_all_the_time_ends_hardly_any_experiment_in_which_nothing_is_wrong()
    {
        var random = new Random(7);
        var ended = Enumerable.Range(0, 2_000).Count(_ => EndsAt(random, rise: 1.2, bound: 0.2f) is not null);
        Assert.InRange(ended, 0, 30);
    }

    [Fact]
    public void A_guardrail_ends_an_experiment_that_doubles_the_hides_after_some_hundred_of_them()
    {
        var random = new Random(8);
        var ends = Enumerable.Range(0, 200).Select(_ => EndsAt(random, rise: 2.4, bound: 0.2f)).ToList();
        Assert.True(ends.Count(at => at < 400) > 190);
    }

    private static int? EndsAt(Random random, double rise, float bound)
    {
        int variant = 0, control = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (random.NextDouble() < rise / (rise + 1)) variant++;
            else control++;
            if (Guardrail.Evidence(variant, control, 0.5f, 0.5f, bound) >= Guardrail.EvidenceMax)
                return i;
        }
        return null;
    }

    [Fact]
    public void Intervals_of_a_difference_that_is_none_hold_nought_19_times_of_20()
    {
        var random = new Random(9);
        var experiment = Made("aa", ("a", 0.5f), ("b", 0.5f));
        var held = Enumerable.Range(0, 500).Count(_ =>
        {
            var tallies = Enumerable.Range(1, 400).Select(reader =>
                new Tally(new UserId(reader), (byte)(reader % 2), 3, 0, random.Next(10) == 0 ? random.Next(5) : 0, 0, 0, 0));
            var likes = ExperimentReport.Of(experiment, tallies)[1].Metrics.Single(metric => metric.Name == "likes").Difference!.Value;
            return likes.Low <= 0 && likes.High >= 0;
        });
        Assert.InRange(held, 460, 490);
    }

    [Fact]
    public void A_report_gives_means_by_reader_and_the_seeds_value()
    {
        Tally[] tallies = [new(new(1), 0, 4, 0, 2, 1, 0, 0), new(new(2), 0, 2, 0, 0, 0, 0, 0), new(new(3), 1, 1, 1, 0, 0, 1, 1)];
        var report = ExperimentReport.Of(Made("x", ("a", 0.5f), ("b", 0.5f)), tallies);
        Assert.Equal((2, 6L, 1d), (report[0].Readers, report[0].Pages, report[0].HidesEvidence));
        Assert.Equal([2d, 1, 0.5, 0, 0, 3, 0], report[0].Metrics.Select(metric => metric.PerReader.Mean));
        Assert.Equal(-2 - 2d, report[1].Metrics[0].Difference!.Value.Mean);
        Assert.Null(report[0].Metrics[0].Difference);
        Assert.True(report[1].HidesEvidence > 1);
    }
}
