using CsCheck;
using Tidings.Affinity;
using Xunit;

namespace Tidings.Tests.Affinity;

public sealed class ForwardDecayTests
{
    private const long Day = 86_400_000;
    private static readonly long Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void A_day_takes_a_tenth()
    {
        var stored = ForwardDecay.Add(ForwardDecay.Nothing, 10, Start);
        Assert.Equal(10, ForwardDecay.Score(stored, Start), 9);
        Assert.Equal(9, ForwardDecay.Score(stored, Start + Day), 9);
        Assert.Equal(8.1, ForwardDecay.Score(stored, Start + 2 * Day), 9);
        Assert.Equal(0, ForwardDecay.Score(ForwardDecay.Nothing, Start));
    }

    [Fact]
    public void It_equals_the_sum_of_every_interaction_decayed_by_its_own_age() =>
        Gen.Select(Gen.Double[0.5, 8], Gen.Long[0, 3 * Day]).Array[1, 12].Sample(interactions =>
        {
            var (stored, now) = (ForwardDecay.Nothing, Start);
            var all = new List<(double Weight, long At)>();
            foreach (var (weight, pause) in interactions)
            {
                now += pause;
                stored = ForwardDecay.Add(stored, weight, now);
                all.Add((weight, now));
            }
            var sum = all.Sum(i => i.Weight * Math.Pow(0.9, (now - i.At) / (double)Day));
            if (sum < ForwardDecay.ScoreMax)
                Assert.Equal(sum, ForwardDecay.Score(stored, now), 6);
        });

    [Fact]
    public void It_never_exceeds_its_cap()
    {
        var stored = ForwardDecay.Nothing;
        for (var i = 0; i < 1_000; i++)
            stored = ForwardDecay.Add(stored, InteractionWeights.Message, Start + i);
        Assert.InRange(ForwardDecay.Score(stored, Start + 1_000), 99.9, ForwardDecay.ScoreMax);
    }

    [Fact]
    public void The_order_of_two_never_changes_by_waiting() =>
        Gen.Select(Gen.Double[1, 90], Gen.Double[1, 90], Gen.Long[0, 30 * Day], Gen.Long[0, 300 * Day]).Sample((w1, w2, gap, wait) =>
        {
            var (a, b) = (ForwardDecay.Add(ForwardDecay.Nothing, w1, Start), ForwardDecay.Add(ForwardDecay.Nothing, w2, Start + gap));
            var now = Start + gap + wait;
            Assert.True(a.CompareTo(b) == ForwardDecay.Score(a, now).CompareTo(ForwardDecay.Score(b, now)) || Math.Abs(a - b) < 1e-9);
        });
}
