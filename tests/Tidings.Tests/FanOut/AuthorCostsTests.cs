using CsCheck;
using Tidings.FanOut;
using Tidings.People;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class AuthorCostsTests
{
    private const long Began = 1_800_000_000_000;

    private static double Faded(long ageMs) => Math.Pow(2, -(double)ageMs / AuthorCosts.HalfLifeMs);

    [Fact]
    public void No_cost_is_told_too_low_and_none_higher_than_it_says_and_whoever_costs_much_is_there() =>
        Gen.Select(Gen.Int[1, 3_000], Gen.Int[1, 4_000], Gen.UInt).Sample((authors, notes, seed) =>
        {
            var random = new Random((int)seed);
            var costs = new AuthorCosts();
            var exact = new Dictionary<UserId, double>();
            var (now, total) = (Began, 0.0);
            for (var i = 0; i < notes; i++)
            {
                var step = random.Next(10) == 0 ? random.Next(20_000) : 0;
                now += step;
                if (step > 0)
                {
                    foreach (var known in exact.Keys)
                        exact[known] *= Faded(step);
                    total *= Faded(step);
                }
                // The first ones often, the last ones seldom.
                var author = new UserId(1 + (long)(authors * Math.Pow(random.NextDouble(), 4)));
                var deliveries = random.Next(200);
                costs.Note(author, deliveries, now);
                exact[author] = exact.GetValueOrDefault(author) + Math.Max(1, deliveries);
                total += Math.Max(1, deliveries);
            }

            var told = costs.Top(AuthorCosts.AuthorsMax, now, out var all).ToDictionary(cost => cost.Author);
            var perMinute = all / total;
            Assert.Equal(Math.Min(AuthorCosts.AuthorsMax, exact.Count), told.Count);
            foreach (var (author, cost) in told)
            {
                var really = exact.GetValueOrDefault(author) * perMinute;
                Assert.InRange(cost.Deliveries, really * 0.999999, (really + cost.TooHigh) * 1.000001 + 1e-9);
            }
            foreach (var (author, cost) in exact)
                Assert.True(cost <= total / AuthorCosts.AuthorsMax * 1.000001 || told.ContainsKey(author));
        }, iter: 40);

    [Fact]
    public void A_steady_rate_is_told_as_it_is_from_the_first_seconds_on_and_fades_by_half_in_five_minutes()
    {
        var costs = new AuthorCosts();
        var (ada, bob) = (new UserId(1), new UserId(2));
        for (var second = 0; second <= 3_600; second++)
        {
            costs.Note(ada, 100, Began + second * 1_000L);
            costs.Note(bob, 0, Began + second * 1_000L);
            if (second is not (30 or 600 or 3_600)) continue;
            var now = costs.Top(10, Began + second * 1_000L, out var all);
            Assert.Equal([ada, bob], now.Select(cost => cost.Author));
            Assert.InRange(now[0].Deliveries, 5_900, 6_300);
            Assert.InRange(now[0].Posts, 59, 63);
            Assert.InRange(now[1].Deliveries, 59, 63);
            Assert.Equal(now.Sum(cost => cost.Deliveries), all, 6);
        }
        Assert.InRange(costs.Top(1, Began + 3_900_000, out _)[0].Deliveries, 2_900, 3_100);
    }

    [Fact]
    public void Neither_years_nor_a_clock_that_steps_back_confuse_it()
    {
        var costs = new AuthorCosts();
        costs.Note(new UserId(1), 1_000, Began);
        var later = Began + 5L * 365 * 24 * 3_600 * 1_000;
        costs.Note(new UserId(2), 10, later);
        costs.Note(new UserId(3), 20, later - 1_000_000);
        var top = costs.Top(10, later, out var all);
        Assert.Equal([3, 2, 1], top.Select(cost => cost.Author.Value));
        Assert.True(double.IsFinite(all) && top[0].Deliveries > top[1].Deliveries && top[2].Deliveries < 1e-9);
    }

    [Fact]
    public void There_is_nothing_before_the_first_post()
    {
        Assert.Empty(new AuthorCosts().Top(10, Began, out var all));
        Assert.Equal(0, all);
    }
}
