using CsCheck;
using Xunit;

namespace Tidings.Tests;

public sealed class TimeOrderedIdTests
{
    private const long Day = 86_400_000;
    private static readonly long Now = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void An_id_tells_its_time_and_shard()
    {
        var id = TimeOrderedId.Next(0, Now, shard: 200);
        Assert.Equal(Now, TimeOrderedId.UnixMs(id));
        Assert.Equal(200, TimeOrderedId.Shard(id));
    }

    [Fact]
    public void The_layout_is_frozen() => Assert.Equal(2_713_016_755_814_400_007, TimeOrderedId.Next(0, Now, shard: 7));

    [Fact]
    public void Ids_rise_whatever_the_clock_does() => Gen.Select(Gen.Long[-Day, Day], Gen.Int[0, 255]).Array[1, 200].Sample(jumps =>
    {
        var last = 0L;
        foreach (var (jump, shard) in jumps)
        {
            var next = TimeOrderedId.Next(last, Now + jump, shard);
            Assert.True(next > last);
            Assert.Equal(shard, TimeOrderedId.Shard(next));
            last = next;
        }
    });

    [Fact]
    public void An_id_made_within_the_clock_is_never_before_the_bound_of_its_time()
    {
        var id = TimeOrderedId.Next(0, Now, 0);
        Assert.True(id >= TimeOrderedId.FirstAt(Now));
        Assert.True(id < TimeOrderedId.FirstAt(Now + 1));
    }
}
