using Tidings.Feeds;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class FanOutModesContract : Contract
{
    [Fact]
    public async Task An_author_is_pushed_until_another_mode_is_set()
    {
        UserId[] authors = [new(1), new(70_000), new(2), new(uint.MaxValue), new(long.MaxValue)];
        await Ports.Modes.SetAsync(authors[1], FanOutMode.Pull, Ct);
        await Ports.Modes.SetAsync(authors[3], FanOutMode.Draining, Ct);

        var modes = new FanOutMode[authors.Length];
        await Ports.Modes.ModesAsync(authors, modes, Ct);

        Assert.Equal([FanOutMode.Push, FanOutMode.Pull, FanOutMode.Push, FanOutMode.Draining, FanOutMode.Push], modes);
    }
}
