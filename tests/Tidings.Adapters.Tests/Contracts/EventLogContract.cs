using Tidings.Events;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class EventLogContract : Contract
{
    [Fact]
    public async Task Positions_are_contiguous_from_one_on_however_writers_race()
    {
        var ada = await JoinAsync();
        await RaceAsync(300, async _ => await PublishAsync(ada));

        var read = new List<Event>();
        var page = new Event[64];
        while (read.Count < 301)
            read.AddRange(page[..await Ports.Events.ReadAsync(read.Count, page, Ct)]);

        Assert.Equal(301, await Ports.EndAsync(Ct));
        Assert.Equal(Enumerable.Range(1, 301).Select(i => (long)i), read.Select(happened => happened.Position));
        Assert.Equal(read.Skip(1).Select(happened => happened.Post).Order(), read.Skip(1).Select(happened => happened.Post));
    }

    [Fact]
    public async Task A_reader_at_the_end_waits_for_what_comes()
    {
        var events = new Event[4];
        var waiting = Ports.Events.ReadAsync(0, events, Ct).AsTask();
        Assert.False(waiting.IsCompleted);

        var ada = await JoinAsync();

        Assert.Equal(1, await waiting);
        Assert.Equal((EventKind.PersonJoined, ada), (events[0].Kind, events[0].Actor));
    }

    [Fact]
    public async Task A_reader_who_reads_of_a_post_finds_it()
    {
        var ada = await JoinAsync();
        var reading = Task.Run(async () =>
        {
            var events = new Event[16];
            for (long position = 1; position < 201;)
            {
                var count = await Ports.Events.ReadAsync(position, events, Ct);
                foreach (var happened in events[..count])
                    Assert.True((await HeaderAsync(happened.Post)).Exists);
                position += count;
            }
        }, Ct);
        await RaceAsync(200, async _ => await PublishAsync(ada));
        await reading;
    }

    [Fact]
    public async Task Waiting_ends_when_the_reader_gives_up()
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Ports.Events.ReadAsync(0, new Event[1], giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
