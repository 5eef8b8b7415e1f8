using Microsoft.Extensions.Time.Testing;
using Tidings.Server.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class ReplayClockTests
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _real = new(Now);

    [Fact]
    public void It_stands_at_the_moment_set_until_it_goes_live()
    {
        var clock = new ReplayClock(_real);
        Assert.Equal(Now, clock.GetUtcNow());

        clock.MoveTo(Now.AddDays(-3));
        _real.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Now.AddDays(-3), clock.GetUtcNow());
        Assert.False(clock.IsLive);

        clock.GoLive();
        Assert.Equal(Now.AddHours(1), clock.GetUtcNow());
        Assert.True(clock.IsLive);
    }

    [Fact]
    public void It_never_goes_back_and_never_into_the_future()
    {
        var clock = new ReplayClock(_real);
        clock.MoveTo(Now.AddDays(-3));

        Assert.Throws<ArgumentOutOfRangeException>(() => clock.MoveTo(Now.AddDays(-3).AddTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.MoveTo(Now.AddTicks(1)));
        clock.MoveTo(Now);
    }

    [Fact]
    public void Timers_run_on_real_time_while_a_past_is_replayed()
    {
        var clock = new ReplayClock(_real);
        clock.MoveTo(Now.AddDays(-3));
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var before = clock.GetTimestamp();

        _real.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, fired);
        Assert.Equal(TimeSpan.FromSeconds(1), clock.GetElapsedTime(before));
    }
}
