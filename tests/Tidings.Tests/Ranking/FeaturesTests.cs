using CsCheck;
using Tidings.Graph;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Ranking;

public sealed class FeaturesTests
{
    private const long Hour = 3_600_000;
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 18, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly CandidateFacts Old = new(
        Now - 12 * Hour, new Counts(10, 2, 1), PostType.Image, 50, Tie.Follows | Tie.Friend | Tie.CloseFriend, false, 3, 999, true, 0);

    private static readonly CandidateFacts New = new(Now, default, PostType.Text, 0, Tie.None, true, 1, 0, false, 1);

    private static float[] Row(CandidateFacts facts, int depth = 0)
    {
        var row = new float[Features.Count];
        Features.Fill([facts], Now, depth, row);
        return row;
    }

    [Fact]
    public void Golden_vectors_hold_the_formulas_of_version_2()
    {
        Assert.Equal(2, Features.Version);
        var ln = (double x) => Math.Log(1 + x);
        double[] old = [ln(16.5), 12, ln(12), 50, ln(21 / 13.0), 1, 0, 0, 40, -1, 0, 1, 1, 0, ln(10), ln(2), ln(1), ln(3), ln(999), 1, 0, 0, 0, 0.5, 0.5, 1, 1 / 101.0, 720 / 735.0];
        double[] young = [ln(1), 0, 0, 0, 0, 0, 0, 0, 40, -1, 0, 0, 0, 1, 0, 0, 0, ln(1), 0, 0, 0, 0, 0, 0, 0, 0, 1 / 101.0, 0];
        Assert.All(old.Zip(Row(Old, 40)), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5));
        Assert.All(young.Zip(Row(New, 40)), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5));
    }

    [Fact]
    public void Golden_names_stand_in_the_order_of_version_2() => Assert.Equal(
        "base_score age_hours age_log author_affinity engagement_rate is_image is_video is_link session_depth hour_sin hour_cos is_close_friend "
        + "is_friend is_own likes comments shares author_rate author_followers seen "
        + "newer newer_by_author newer_engaged engagement_vs_mean author_vs_mean affinity_vs_most candidates age_minutes",
        string.Join(' ', Features.Names));

    [Fact]
    public void There_is_a_name_for_each_feature_and_head()
    {
        Assert.Equal(Features.Count, Features.Names.Distinct().Count());
        Assert.Equal(Heads.Count, Heads.Names.Count);
    }

    [Fact]
    public void Golden_slate_holds_what_a_candidate_is_among_the_others()
    {
        // Engagement 0, 6, 0, 2 and 0, so the mean is 1.6; the third and the fourth came at the same moment.
        CandidateFacts[] slate =
        [
            New, New with { Author = 0, PublishedUnixMs = Now - Hour, Counts = new Counts(6, 0, 0), Affinity = 40 }, New with { PublishedUnixMs = Now - 2 * Hour },
            New with { PublishedUnixMs = Now - 2 * Hour, Counts = new Counts(2, 0, 0), Affinity = 80 }, New with { Author = 0, PublishedUnixMs = Now - 3 * Hour, Affinity = 40 },
        ];
        var rows = new float[slate.Length * Features.Count];
        Features.Fill(slate, Now, 0, rows);
        double[][] expected =
        [
            [0, 0, 0, 0, 2 / 3.0 / (2 / 3.0 + 1.6), 0, 5 / 105.0],
            [1 / 11.0, 0, 0, 6 / 7.6, 3 / 4.6, 0.5, 5 / 105.0],
            [2 / 12.0, 0.5, 1 / 11.0, 0, 2 / 3.0 / (2 / 3.0 + 1.6), 0, 5 / 105.0],
            [2 / 12.0, 0.5, 1 / 11.0, 2 / 3.6, 2 / 3.0 / (2 / 3.0 + 1.6), 1, 5 / 105.0],
            [4 / 14.0, 0.5, 2 / 12.0, 0, 3 / 4.6, 0.5, 5 / 105.0],
        ];
        for (var i = 0; i < slate.Length; i++)
            Assert.All(expected[i].Zip(rows[(i * Features.Count + 20)..]), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5));
    }

    [Fact]
    public void What_a_candidate_is_among_the_others_is_what_counting_them_says() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Float[0, 100]).Array[1, 60].Sample(drawn =>
        {
            CandidateFacts[] slate =
            [
                .. drawn.OrderBy(d => d.Item1).Select(d => New with
                {
                    PublishedUnixMs = Now - d.Item1 * Hour / 4, Author = d.Item2, Counts = new Counts(Math.Max(0, d.Item3 - 1), 0, 0), Affinity = d.Item4 < 50 ? 0 : d.Item4,
                }),
            ];
            var rows = new float[slate.Length * Features.Count];
            Features.Fill(slate, Now, 0, rows);
            var mean = slate.Average(f => (double)f.Counts.Likes);
            for (var i = 0; i < slate.Length; i++)
            {
                var own = slate[i];
                var newer = slate.Where(f => f.PublishedUnixMs > own.PublishedUnixMs).ToArray();
                var authors = slate.Where(f => f.Author == own.Author).Average(f => (double)f.Counts.Likes);
                double[] expected =
                [
                    newer.Length / (newer.Length + 10.0), Half(newer.Count(f => f.Author == own.Author), 1), Half(newer.Count(f => f.Counts.Likes > 0), 10),
                    own.Counts.Likes > 0 ? Half(own.Counts.Likes, mean) : 0, authors > 0 ? Half(authors, mean) : 0,
                    own.Affinity > 0 ? own.Affinity / slate.Max(f => f.Affinity) : 0, Half(slate.Length, 100),
                ];
                Assert.All(expected.Zip(rows[(i * Features.Count + 20)..]), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4));
            }

            static double Half(double value, double half) => value / (value + half);
        });

    [Fact]
    public void Candidates_that_do_not_come_newest_first_are_refused() => Assert.Throws<ArgumentException>(() =>
        Features.Fill([Old, New], Now, 0, new float[2 * Features.Count]));

    [Fact]
    public void What_a_candidate_is_by_itself_does_not_depend_on_its_neighbours()
    {
        var both = new float[2 * Features.Count];
        Features.Fill([New, Old], Now, 3, both);
        Assert.Equal(Row(New, 3)[..20], both[..20]);
        Assert.Equal(Row(Old, 3)[..20], both[Features.Count..][..20]);
    }

    [Fact]
    public void Every_value_is_finite_whatever_the_facts() =>
        Gen.Select(Gen.Long[-100 * Hour, 200_000 * Hour], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, 10_000]).Sample((age, count, followers, depth) =>
            Assert.All(Row(Old with { PublishedUnixMs = Now - age, Counts = new Counts(count, count, count), AuthorFollowers = followers }, depth),
                value => Assert.True(float.IsFinite(value))));

    [Fact]
    public void An_author_of_many_candidates_posts_often()
    {
        Assert.Equal(1, AuthorRates.PerDay(Now, Now));
        Assert.Equal(0.25f, AuthorRates.PerDay(Now - 96 * Hour, Now));
    }
}
