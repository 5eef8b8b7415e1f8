using Tidings.People;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Ranking;

public sealed class SlateSamplerTests
{
    [Fact]
    public void The_share_of_pages_is_the_one_asked_for()
    {
        Assert.Equal(0, Enumerable.Range(0, 1_000).Count(i => SlateSampler.Off.Wants(new UserId(i), i)));
        var wanted = Enumerable.Range(0, 100_000).Count(i => new SlateSampler(0.01).Wants(new UserId(1 + i % 100), 1_790_000_000_000 + i));
        Assert.InRange(wanted, 850, 1_150);
        Assert.True(new SlateSampler(1).Wants(new UserId(1), 1));
    }

    [Fact]
    public async Task A_full_queue_takes_no_more_until_slates_are_stored()
    {
        var sampler = new SlateSampler(1);
        for (var i = 0; i < SlateSampler.QueueMax; i++)
        {
            Assert.True(sampler.TryRent(out var slate));
            sampler.Offer(slate);
        }
        Assert.False(sampler.TryRent(out _));
        var batch = new List<Slate>();
        await sampler.TakeAsync(batch, 10, CancellationToken.None);
        Assert.Equal(10, batch.Count);
        batch.ForEach(sampler.Return);
        Assert.True(sampler.TryRent(out _));
    }
}
