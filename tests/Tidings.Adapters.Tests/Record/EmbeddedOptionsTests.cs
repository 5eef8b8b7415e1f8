using Tidings.Embedded;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class EmbeddedOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new EmbeddedOptions { DataFolder = "data" }.Validate();

    [Fact]
    public void An_option_out_of_range_is_refused_with_its_value_and_the_range()
    {
        Refused(options => options.IntervalMs = 0, "IntervalMs is 0", "1 to 10,000");
        Refused(options => options.GroupMax = 70_000, "GroupMax is 70,000");
        Refused(options => (options.QueueMax, options.GroupMax) = (10, 20), "QueueMax is 10", "GroupMax is 20");
        Refused(options => options.HotPostsMax = 3, "HotPostsMax is 3");
        Refused(options => options.WalBytesMax = 5, "WalBytesMax is 5");
        Refused(options => options.BlockCacheBytes = 5, "BlockCacheBytes is 5");
        Refused(options => options.FreeBytesMin = -1, "FreeBytesMin is -1");
        Refused(options => options.LogRetention = TimeSpan.FromSeconds(1), "LogRetention is 00:00:01");
        Refused(options => options.InboxBytesMax = 1, "InboxBytesMax is 1");
        Refused(options => options.SnapshotBytesMax = 1, "SnapshotBytesMax is 1");
        Refused(options => options.PullFollowersMin = 0, "PullFollowersMin is 0");
        Refused(options => options.Graph.FriendsMax = 0, "Graph.FriendsMax is 0");
        Refused(options => options.Durability = (Durability)9, "Durability is 9");
        Refused(options => options.DataFolder = " ", "DataFolder");
    }

    private static void Refused(Action<EmbeddedOptions> change, params string[] says)
    {
        var options = new EmbeddedOptions { DataFolder = "data" };
        change(options);
        var refused = Assert.Throws<ArgumentException>(options.Validate);
        Assert.All(says, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }
}
