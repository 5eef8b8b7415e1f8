using Microsoft.Extensions.Time.Testing;
using Tidings.Server.Commands;
using Xunit;

namespace Tidings.Server.Tests.Commands;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Rate_and_time_left_are_those_of_the_last_ten_seconds()
    {
        var pace = new Pace(_clock);
        for (var second = 1; second <= 100; second++)
            Note(pace, second * 0.001, second * 100);
        for (var second = 1; second <= 20; second++)
            Note(pace, 0.1 + second * 0.01, 10_000 + second * 1_000);

        Assert.Equal(1_000, pace.Rate, 6);
        Assert.Equal(70, pace.Left!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Nothing_is_promised_while_nothing_moves()
    {
        var pace = new Pace(_clock);
        Assert.Equal((0, null), (pace.Rate, pace.Left));
        Note(pace, 0, 0);
        Note(pace, 0, 0);
        Assert.Equal((0, null), (pace.Rate, pace.Left));
    }

    private void Note(Pace pace, double fraction, long done)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        pace.Note(fraction, done);
    }
}
