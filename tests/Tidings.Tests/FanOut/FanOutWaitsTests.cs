using Tidings.FanOut;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class FanOutWaitsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SimulatedTidings _tidings = null!;
    private UserId _author;

    public async ValueTask InitializeAsync()
    {
        _tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 10_000);
        _author = await _tidings.JoinAsync("author");
    }

    public ValueTask DisposeAsync() => _tidings.DisposeAsync();

    private async Task<long> PostAsync()
    {
        await _tidings.Publish.ExecuteAsync(new NewPost(_author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, None);
        return _tidings.Profile.Events.End;
    }

    [Fact]
    public async Task What_waits_is_counted_by_its_age()
    {
        foreach (var pauseMs in new[] { 1, 20_000, 5_000, 500, 50, 5 })
        {
            await PostAsync();
            _tidings.Clock.Advance(TimeSpan.FromMilliseconds(pauseMs));
        }
        await PostAsync();
        var oldest = _tidings.Now - 25_555;
        // Before a step fan-out knows of nothing: all of it is in the log.
        Assert.Equal(WaitingJobs.None, await _tidings.FanOut.WaitingAsync(None));
        await _tidings.FanOut.StepAsync(None);
        Assert.Equal(6, _tidings.FanOut.Waiting);

        var counting = _tidings.FanOut.WaitingAsync(None);
        Assert.False(counting.IsCompleted);
        await _tidings.FanOut.StepAsync(None);
        var waiting = await counting;
        Assert.Equal([2, 1, 1, 1, 1], waiting.Jobs);
        Assert.Equal(oldest, waiting.OldestUnixMs);

        await _tidings.DrainFanOutAsync();
        Assert.Equal(WaitingJobs.None, await _tidings.FanOut.WaitingAsync(None));
    }

    [Fact]
    public async Task Whoever_waits_for_an_event_is_told_when_it_and_all_before_are_dealt_with()
    {
        var crowd = Enumerable.Range(0, 2_500).Select(i => new NewPerson($"crowd_{i}", "crowd", "", [])).ToArray();
        var ids = new UserId[crowd.Length];
        await _tidings.Profile.Bulk.AddPeopleAsync(crowd, ids, None);
        await _tidings.Profile.Bulk.StoreAsync(new("crowd", 1, [.. ids.Select(id => (id, _author))], []), None);
        await _tidings.DrainFanOutAsync();
        await _tidings.FanOut.PassedAsync(_tidings.Profile.Events.End, None);

        var mark = await PostAsync();
        var passed = _tidings.FanOut.PassedAsync(mark, None);
        for (var slice = 0; slice < 3; slice++)
        {
            await _tidings.FanOut.StepAsync(None);
            Assert.False(passed.IsCompleted);
        }
        await _tidings.DrainFanOutAsync();
        await passed;
    }

    [Fact]
    public async Task Events_that_come_later_are_not_waited_for()
    {
        var other = await _tidings.JoinAsync("other");
        await _tidings.DrainFanOutAsync();
        var mark = await PostAsync();
        var passed = _tidings.FanOut.PassedAsync(mark, None);
        await _tidings.ChangeTie.ExecuteAsync(other, TieAction.Follow, _author, None);
        await PostAsync();
        await _tidings.FanOut.StepAsync(None);
        _tidings.Clock.Advance(TimeSpan.FromMilliseconds(20));
        await _tidings.FanOut.StepAsync(None);
        await passed;
        Assert.True(_tidings.FanOut.Waiting > 0);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        using var patience = new CancellationTokenSource();
        var passed = _tidings.FanOut.PassedAsync(await PostAsync(), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passed);
        await _tidings.DrainFanOutAsync();
    }
}
