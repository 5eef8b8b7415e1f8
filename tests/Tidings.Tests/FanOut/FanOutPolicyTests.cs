using Tidings.FanOut;
using Tidings.Feeds;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class FanOutPolicyTests
{
    [Theory]
    [InlineData(FanOutMode.Push, 9_999, FanOutMode.Push)]
    [InlineData(FanOutMode.Push, 10_000, FanOutMode.Pull)]
    [InlineData(FanOutMode.Pull, 10_000, FanOutMode.Pull)]
    [InlineData(FanOutMode.Pull, 9_000, FanOutMode.Pull)]
    [InlineData(FanOutMode.Pull, 8_999, FanOutMode.Push)]
    [InlineData(FanOutMode.Draining, 9_500, FanOutMode.Push)]
    public void An_author_is_pulled_from_the_threshold_and_pushed_again_below_nine_tenths(FanOutMode now, int followers, FanOutMode next) =>
        Assert.Equal(next, new FanOutPolicy().Decide(now, followers));

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void A_threshold_out_of_range_is_refused(int followers) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FanOutPolicy { ThresholdFollowers = followers });
}
