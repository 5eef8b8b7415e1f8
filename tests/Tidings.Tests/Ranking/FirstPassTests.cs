using CsCheck;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Ranking;

public sealed class FirstPassTests
{
    private const long Hour = 3_600_000;
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static PostHeader Post(long ageMs, int likes = 0, int comments = 0, int shares = 0, PostType type = PostType.Text) =>
        new(new PostId(TimeOrderedId.Next(0, Now - ageMs, 0)), new UserId(1), type, Audience.Public, default, false, 1, 0, new Counts(likes, comments, shares));

    [Theory]
    [InlineData(0, 0, 0, 0, 0f, 1.0)]
    [InlineData(0, 10, 2, 1, 0f, 22.0)]
    [InlineData(0, 10, 2, 1, 50f, 33.0)]
    [InlineData(0, 10, 2, 1, 250f, 44.0)]
    [InlineData(12, 10, 2, 1, 0f, 22.0 / (1 + 12 * 0.08))]
    [InlineData(100, 10, 2, 1, 0f, 22.0 / 9)]
    public void The_seed_formula_gives_the_figures_of_its_sketch(int hours, int likes, int comments, int shares, float affinity, double score) =>
        Assert.Equal(score, new FirstPass(RankingProfile.Seed).Score(Post(hours * Hour, likes, comments, shares), affinity, Now), 4);

    [Theory]
    [InlineData(0, 22.0)]
    [InlineData(12, 11.0)]
    [InlineData(24, 5.5)]
    [InlineData(6, 15.5563491861)]
    public void Exponential_decay_halves_every_twelve_hours(int hours, double score) =>
        Assert.Equal(score, new FirstPass(RankingProfile.Default).Score(Post(hours * Hour, 10, 2, 1), 0, Now), 4);

    [Fact]
    public void Of_two_equal_posts_the_newer_is_worth_more_even_by_minutes()
    {
        foreach (var profile in new[] { RankingProfile.Default, RankingProfile.Seed })
        {
            var pass = new FirstPass(profile);
            Assert.True(pass.Score(Post(10 * 60_000), 0, Now) > pass.Score(Post(20 * 60_000), 0, Now));
        }
    }

    [Fact]
    public void No_post_is_worth_nothing() => Gen.Long[0, 14 * 24 * Hour].Sample(age =>
        Assert.True(new FirstPass(RankingProfile.Default).Score(Post(age), 0, Now) > 0));

    [Fact]
    public void A_post_from_a_clock_ahead_counts_as_new() =>
        Assert.Equal(1, new FirstPass(RankingProfile.Default).Score(Post(-5 * Hour), 0, Now), 4);

    [Fact]
    public void Exponential_order_never_changes_by_waiting() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 50], Gen.Long[0, 48 * Hour], Gen.Long[0, 96 * Hour]).Sample((likesA, likesB, age, wait) =>
        {
            var pass = new FirstPass(RankingProfile.Default);
            var (a, b) = (Post(age, likesA), Post(0, likesB));
            var (a0, b0) = (pass.Score(a, 0, Now), pass.Score(b, 0, Now));
            if (Math.Abs(a0 / b0 - 1) > 1e-3)
                Assert.Equal(a0 > b0, pass.Score(a, 0, Now + wait) > pass.Score(b, 0, Now + wait));
        });

    [Fact]
    public void A_type_preference_multiplies() => Assert.Equal(
        2, new FirstPass(new RankingProfile { TypePreference = [1, 2, 1, 1] }).Score(Post(0, type: PostType.Image), 0, Now), 4);

    [Fact]
    public void Many_at_once_get_the_same_bits_as_each_alone() =>
        Gen.Select(
            Gen.Enum<Decay>(),
            Gen.Select(Gen.Int[0, 50], Gen.Long[-Hour, 500 * Hour], Gen.Float[0, 150], Gen.Enum<PostType>()).Array[0, 40]).Sample((decay, posts) =>
        {
            var pass = new FirstPass(new RankingProfile { Decay = decay, TypePreference = [1, 2, 0.5f, 3] });
            var many = new float[posts.Length];
            pass.Score(
                Array.ConvertAll(posts, p => pass.Acts(new Counts(p.Item1, p.Item1 / 2, p.Item1 / 3))),
                Array.ConvertAll(posts, p => FirstPass.AgeMs(Now - p.Item2, Now)), Array.ConvertAll(posts, p => pass.Factor(p.Item3, p.Item4)), many);
            Assert.Equal(
                posts.Select(p => pass.Score(new Counts(p.Item1, p.Item1 / 2, p.Item1 / 3), p.Item4, Now - p.Item2, p.Item3, Now)), many);
        });
}
