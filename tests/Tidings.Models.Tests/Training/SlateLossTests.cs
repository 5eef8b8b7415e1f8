using CsCheck;
using Tidings.Models.Training;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Training;

public sealed class SlateLossTests
{
    private static float[] Heads(double[] logits) => Array.ConvertAll(logits, z => (float)(1 / (1 + Math.Exp(-z))));

    [Fact]
    public void The_gradients_are_those_of_the_loss() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Bool).Array[Ranking.Heads.Count, 8 * Ranking.Heads.Count].Sample(drawn =>
        {
            var count = drawn.Length / Ranking.Heads.Count * Ranking.Heads.Count;
            var logits = drawn[..count].Select(d => d.Item1).ToArray();
            var targets = drawn[..count].Select(d => d.Item2 ? 1f : 0).ToArray();
            var loss = new SlateLoss(2);
            var gradients = loss.Gradients(Heads(logits), targets).ToArray();
            for (var at = 0; at < count; at++)
            {
                const double step = 1e-2;
                var slope = (LossAt(at, step) - LossAt(at, -step)) / (2 * step);
                Assert.Equal(slope, gradients[at], 0.02);
            }

            double LossAt(int at, double step)
            {
                var moved = logits.ToArray();
                moved[at] += step;
                return loss.Of(Heads(moved), targets);
            }
        }, iter: 50);

    [Fact]
    public void A_slate_in_the_right_order_costs_less_than_one_in_the_wrong()
    {
        float[] targets = [1, 0, 0, 0, 0, 0, 0, 0], high = [0.4f, 0, 0, 0], low = [0.1f, 0, 0, 0];
        var loss = new SlateLoss(10);
        Assert.True(loss.Of([.. high, .. low], targets) < loss.Of([.. low, .. high], targets));
    }

    [Fact]
    public void Where_nothing_came_of_a_slate_its_order_costs_nothing()
    {
        float[] targets = [0, 0, 0, 1, 0, 0, 0, 0], heads = [0.4f, 0.1f, 0.2f, 0.3f, 0.1f, 0.5f, 0.2f, 0.1f];
        Assert.Equal(new SlateLoss(0).Of(heads, targets), new SlateLoss(10).Of(heads, targets));
    }
}
