using Tidings.Client.Wire;
using Tidings.Server.Vitals;
using Xunit;

namespace Tidings.Server.Tests.Vitals;

public sealed class VitalsRingTests
{
    private const long Start = 1_800_000_000;

    private readonly VitalsRing _ring = new(Start);

    private static VitalsSampleView Sample(long seq)
    {
        var none = new PercentilesView(0, null, null, null, null);
        return new VitalsSampleView(
            seq, DateTimeOffset.UnixEpoch, 1, new VitalsCountsView(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new VitalsLatencyView(none, none, none),
            new FanOutVitalsView(none, 0, null, []), new QualityVitalsView(0, new Dictionary<string, long>()), new LiveVitalsView(0, 0, 0, 0), null,
            new MemoryVitalsView(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), [], new ProcessVitalsView(0, 1, 0, 0, 0, 0, 0, 0));
    }

    private void Add(int samples)
    {
        for (var i = 0; i < samples; i++)
            _ring.Add(Sample(_ring.Next));
    }

    private long[] After(long seq) => [.. _ring.After(seq).Samples.Select(sample => sample.Seq)];

    [Fact]
    public void Whoever_asks_with_the_last_number_gets_what_came_since_oldest_first()
    {
        Assert.Empty(After(0));
        Assert.Equal(Start, _ring.After(0).Seq);
        Add(3);
        Assert.Equal([Start + 1, Start + 2, Start + 3], After(0));
        Assert.Equal([Start + 3], After(Start + 2));
        Assert.Empty(After(Start + 3));
        Assert.Equal(Start + 3, _ring.After(Start + 3).Seq);
    }

    [Fact]
    public void The_oldest_are_forgotten()
    {
        Add(VitalsRing.KeptMax + 7);
        var kept = After(0);
        Assert.Equal(VitalsRing.KeptMax, kept.Length);
        Assert.Equal((Start + 8, Start + 7 + VitalsRing.KeptMax), (kept[0], kept[^1]));
        Assert.Equal(kept[^3..], After(kept[^4]));
    }

    [Fact]
    public void A_number_of_another_life_gives_all()
    {
        Add(2);
        Assert.Equal(2, After(Start + 100).Length);
    }
}
