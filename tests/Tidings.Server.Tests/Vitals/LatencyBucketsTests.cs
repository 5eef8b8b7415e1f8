using CsCheck;
using Tidings.Server.Vitals;
using Xunit;

namespace Tidings.Server.Tests.Vitals;

public sealed class LatencyBucketsTests
{
    private readonly LatencyBuckets _buckets = new();
    private readonly int[] _taken = new int[LatencyBuckets.Count];

    [Fact]
    public void Every_quantile_is_within_3_per_cent_of_the_exact_one() =>
        // From a microsecond to a minute, as many in each doubling.
        Gen.Double[-20, 5.9].Select(power => Math.Pow(2, power)).Array[1, 500].Sample(seconds =>
        {
            foreach (var one in seconds)
                _buckets.Note(one);
            Assert.Equal(seconds.Length, _buckets.Take(_taken));
            var sorted = seconds.Order().ToArray();
            foreach (var share in new[] { 0.5, 0.95, 0.99, 1 })
            {
                var exactMs = sorted[Math.Max(1, (int)Math.Ceiling(sorted.Length * share)) - 1] * 1_000;
                Assert.InRange(LatencyBuckets.QuantileMs(_taken, seconds.Length, share), exactMs * 0.968, exactMs * 1.032);
            }
        }, threads: 1);

    [Fact]
    public void What_was_taken_is_gone()
    {
        _buckets.Note(0.001);
        Assert.Equal(1, _buckets.Take(_taken));
        Assert.Equal(0, _buckets.Take(_taken));
        Assert.All(_taken, count => Assert.Equal(0, count));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(256e-9, 0)]
    [InlineData(1e9, LatencyBuckets.Count - 1)]
    [InlineData(double.PositiveInfinity, LatencyBuckets.Count - 1)]
    public void What_is_too_short_or_too_long_to_tell_goes_to_the_ends(double seconds, int bucket) =>
        Assert.Equal(bucket, LatencyBuckets.BucketOf(seconds));

    [Fact]
    public async Task Many_at_once_lose_nothing_though_it_is_taken_meanwhile()
    {
        const int Each = 50_000;
        var noting = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                _buckets.Note(i * 1e-6);
        })));
        var taken = 0;
        while (!noting.IsCompleted)
            taken += _buckets.Take(_taken);
        await noting;
        Assert.Equal(4 * Each, taken + _buckets.Take(_taken));
    }

    [Fact]
    public void A_note_makes_no_garbage()
    {
        _buckets.Note(0.001);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            _buckets.Note(0.001);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
