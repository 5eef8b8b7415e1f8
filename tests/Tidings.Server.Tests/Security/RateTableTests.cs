using Tidings.Server.Security;
using Xunit;

namespace Tidings.Server.Tests.Security;

public sealed class RateTableTests
{
    private const long TicksPerSecond = 1_000;

    private static RatePolicy Policy(int quota) => new(RouteClass.Reads, quota, 60, TicksPerSecond);

    [Fact]
    public void A_quota_can_be_used_at_once_and_comes_back_evenly()
    {
        var (table, policy) = (new RateTable(), Policy(6));
        for (var i = 1; i <= 6; i++)
        {
            Assert.True(table.TryTake(1, policy, 0, out var used));
            Assert.Equal(i * 10 * TicksPerSecond, used);
        }
        Assert.False(table.TryTake(1, policy, 0, out _));
        Assert.False(table.TryTake(1, policy, 9_999, out _));
        Assert.True(table.TryTake(1, policy, 10_000, out _));
        Assert.False(table.TryTake(1, policy, 10_000, out _));
        Assert.True(table.TryTake(1, policy, 1_000_000, out var again));
        Assert.Equal(10 * TicksPerSecond, again);
    }

    [Fact]
    public void What_is_refused_costs_nothing_so_whoever_keeps_asking_gets_their_share()
    {
        var (table, policy) = (new RateTable(), Policy(60));
        var taken = 0;
        for (var now = 0L; now < 600_000; now += 100)
            taken += table.TryTake(1, policy, now, out _) ? 1 : 0;
        Assert.InRange(taken, 60 + 598, 60 + 600);
    }

    [Fact]
    public void One_does_not_pay_for_another()
    {
        var (table, policy) = (new RateTable(), Policy(5));
        for (ulong key = 1; key <= 20_000; key++)
        {
            for (var i = 0; i < 5; i++)
                Assert.True(table.TryTake(key, policy, 0, out _));
        }
    }

    [Fact]
    public void Three_times_as_many_principals_as_it_holds_are_limited_no_narrower()
    {
        var (table, policy) = (new RateTable(), Policy(2));
        for (var round = 0; round < 2; round++)
        {
            for (ulong key = 1; key <= 3 * RateTable.EntriesMax; key++)
                Assert.True(table.TryTake(key, policy, 0, out _));
        }
    }

    [Fact]
    public void Counting_allocates_nothing_and_tells_what_is_left_rounded_down()
    {
        var (table, policy) = (new RateTable(), Policy(6_000));
        Assert.True(table.TryTake(7, policy, 0, out var used));
        Assert.Equal("\"reads\";r=5940;t=1", policy.LeftHeader(used).ToString());
        Assert.Equal("\"reads\";q=6000;w=60", policy.PolicyHeader.ToString());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            table.TryTake(7, policy, 0, out used);
            policy.LeftHeader(used);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal("\"reads\";r=4980;t=11", policy.LeftHeader(used).ToString());
        Assert.Equal("\"reads\";r=0;t=60", policy.LeftHeader(policy.WindowTicks).ToString());
    }
}
