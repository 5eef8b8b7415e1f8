using CsCheck;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Ranking;

public sealed class StagesTests
{
    private const long Hour = 3_600_000;
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly Gen<(long AgeMs, int Likes, int Comments, int Shares, float Affinity)> Posts =
        Gen.Select(Gen.Long[0, 14 * 24 * Hour], Gen.Int[0, 10_000], Gen.Int[0, 1_000], Gen.Int[0, 1_000], Gen.Float[0, 100]);

    private static float Score(string preset, long ageMs, int likes, int comments = 0, int shares = 0, float affinity = 0) =>
        new FirstPass(RankingPresets.All[preset]).Score(new Counts(likes, comments, shares), PostType.Text, Now - ageMs, affinity, Now);

    [Fact]
    public void Every_preset_is_valid_and_a_profile_out_of_range_names_the_field()
    {
        Assert.All(RankingPresets.All.Values, profile => Assert.Null(profile.Check()));
        Assert.Equal("fairness_max", (RankingProfile.Default with { FairnessMax = 0.6f }).Check()?.Field);
        Assert.Equal("prior", (RankingProfile.Default with { Prior = float.NaN }).Check()?.Field);
        Assert.Equal("type_preference", (RankingProfile.Default with { TypePreference = [1, 1, 1] }).Check()?.Field);
        Assert.Equal("explore_top", (RankingProfile.Default with { ExploreTop = 21 }).Check()?.Field);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 31)]
    public void Hacker_News_is_points_to_the_0_8_by_hours_and_two_to_the_1_8(int hours, int likes) =>
        Assert.Equal(Math.Pow(likes + 1, 0.8) / Math.Pow(hours + 2, 1.8), Score("hacker-news", hours * Hour, likes), 5);

    [Fact]
    public void Reddit_hot_orders_as_its_logarithm_does() => Gen.Select(Posts, Posts).Sample((a, b) =>
    {
        var (hotA, hotB) = (Hot(a.AgeMs, a.Likes), Hot(b.AgeMs, b.Likes));
        if (Math.Abs(hotA - hotB) > 1e-3)
            Assert.Equal(hotA > hotB, Score("reddit-hot", a.AgeMs, a.Likes) > Score("reddit-hot", b.AgeMs, b.Likes));

        static double Hot(long ageMs, int votes) => Math.Log10(Math.Max(1, votes)) - ageMs / 45_000_000.0;
    });

    [Fact]
    public void Chronological_scores_are_equal_so_that_the_newer_is_first() => Posts.Sample(post =>
        Assert.Equal(1, Score("chronological", post.AgeMs, post.Likes, post.Comments, post.Shares, post.Affinity)));

    [Fact]
    public void More_engagement_more_affinity_and_less_age_never_rank_lower() => Posts.Sample(p =>
    {
        foreach (var preset in RankingPresets.All.Keys)
        {
            var score = Score(preset, p.AgeMs, p.Likes, p.Comments, p.Shares, p.Affinity);
            Assert.True(Score(preset, p.AgeMs, p.Likes + 1, p.Comments, p.Shares, p.Affinity) >= score);
            Assert.True(Score(preset, p.AgeMs, p.Likes, p.Comments + 1, p.Shares, p.Affinity) >= score);
            Assert.True(Score(preset, p.AgeMs, p.Likes, p.Comments, p.Shares + 1, p.Affinity) >= score);
            Assert.True(Score(preset, p.AgeMs, p.Likes, p.Comments, p.Shares, p.Affinity + 1) >= score);
            Assert.True(Score(preset, p.AgeMs / 2, p.Likes, p.Comments, p.Shares, p.Affinity) >= score);
        }
    });

    [Fact]
    public void The_terms_of_the_first_pass_multiply_to_its_score() => Posts.Sample(p =>
    {
        foreach (var profile in RankingPresets.All.Values)
        {
            var pass = new FirstPass(profile);
            var post = new PostHeader(
                new PostId(TimeOrderedId.Next(0, Now - p.AgeMs, 0)), new(1), PostType.Video, Audience.Public, default, false, 1, 0,
                new Counts(p.Likes, p.Comments, p.Shares));
            var product = pass.Terms(post, p.Affinity, Now).Aggregate(1f, (so, term) => so * term.Value);
            Assert.Equal(pass.Score(post, p.Affinity, Now), product, Math.Abs(product) * 1e-5f);
        }
    });

    [Fact]
    public void The_final_score_is_the_seeds_sum() =>
        Assert.Equal(0.5f + 2 * 0.25f + 3 * 0.125f - 5 * 0.0625f, HeadWeights.Default.Score([0.5f, 0.25f, 0.125f, 0.0625f]));

    [Fact]
    public void Fairness_lifts_by_no_more_than_its_bound_and_those_who_post_less_by_more() =>
        Gen.Select(Gen.Float[-5, 100], Gen.Float[0, 0.5f], Gen.Float[0, 1_000], Gen.Float[0, 1_000]).Sample((score, max, rare, often) =>
        {
            (rare, often) = (Math.Min(rare, often), Math.Max(rare, often));
            var (lifted, less) = (Fairness.Apply(score, Fairness.Lift(max, rare)), Fairness.Apply(score, Fairness.Lift(max, often)));
            Assert.True(lifted >= less && less >= score);
            Assert.True(lifted <= score + Math.Abs(score) * max * 1.0001f);
        });

    [Fact]
    public void Propensities_of_a_place_sum_to_one_and_are_how_often_each_order_is_thrown()
    {
        const int Top = 4, Throws = 40_000;
        const float Share = 0.3f;
        var stood = new int[Top, Top];
        var places = new int[Top];
        for (var i = 0; i < Throws; i++)
        {
            Exploration.Shuffle(Share, (ulong)i, places);
            for (var place = 0; place < Top; place++)
                stood[places[place], place]++;
        }
        for (var place = 0; place < Top; place++)
        {
            Assert.Equal(1, Enumerable.Range(0, Top).Sum(rank => Exploration.Propensity(Share, Top, rank, place)), 5);
            for (var rank = 0; rank < Top; rank++)
                Assert.Equal(Exploration.Propensity(Share, Top, rank, place), stood[rank, place] / (double)Throws, 0.01);
        }
        Assert.Equal(1, Exploration.Propensity(Share, Top, 7, 7));
    }
}
