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
        Now - 12 * Hour, new Counts(10, 2, 1), PostType.Image, 50, Tie.Follows | Tie.Friend | Tie.CloseFriend, false, 3, 999, true);

    private static readonly CandidateFacts New = new(Now, default, PostType.Text, 0, Tie.None, true, 1, 0, false);

    private static float[] Row(CandidateFacts facts, int depth = 0)
    {
        var row = new float[Features.Count];
        Features.Fill([facts], Now, depth, row);
        return row;
    }

    [Fact]
    public void Golden_vectors_hold_the_formulas_of_version_1()
    {
        Assert.Equal(1, Features.Version);
        var ln = (double x) => Math.Log(1 + x);
        double[] old = [ln(16.5), 12, ln(12), 50, ln(21 / 13.0), 1, 0, 0, 40, -1, 0, 1, 1, 0, ln(10), ln(2), ln(1), ln(3), ln(999), 1];
        double[] young = [ln(1), 0, 0, 0, 0, 0, 0, 0, 40, -1, 0, 0, 0, 1, 0, 0, 0, ln(1), 0, 0];
        Assert.All(old.Zip(Row(Old, 40)), pair => Assert.Equal(pair.First, pair.Second, 5));
        Assert.All(young.Zip(Row(New, 40)), pair => Assert.Equal(pair.First, pair.Second, 5));
    }

    [Fact]
    public void Golden_names_stand_in_the_order_of_version_1() => Assert.Equal(
        "base_score age_hours age_log author_affinity engagement_rate is_image is_video is_link session_depth hour_sin hour_cos is_close_friend "
        + "is_friend is_own likes comments shares author_rate author_followers seen",
        string.Join(' ', Features.Names));

    [Fact]
    public void There_is_a_name_for_each_feature_and_head()
    {
        Assert.Equal(Features.Count, Features.Names.Distinct().Count());
        Assert.Equal(Heads.Count, Heads.Names.Count);
    }

    [Fact]
    public void A_row_does_not_depend_on_its_neighbours()
    {
        var both = new float[2 * Features.Count];
        Features.Fill([Old, New], Now, 3, both);
        Assert.Equal([.. Row(Old, 3), .. Row(New, 3)], both);
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
