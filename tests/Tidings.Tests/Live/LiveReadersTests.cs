using Microsoft.Extensions.Time.Testing;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Live;

public sealed class LiveReadersTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private LiveReaders Make(int connections = 100, int perReader = 10) =>
        new(_clock, new LiveOptions { ConnectionsMax = connections, ConnectionsPerReaderMax = perReader });

    private static LiveConnection Open(LiveReaders readers, long person, long? after = null) =>
        readers.Open(new UserId(person), default, long.MaxValue, after).Value;

    [Fact]
    public void Limits_hold_for_one_person_and_for_all_and_closing_makes_room()
    {
        var readers = Make(connections: 3, perReader: 2);
        var first = Open(readers, 1);
        Open(readers, 1);
        Assert.Equal("too_many_connections", readers.Open(new UserId(1), default, long.MaxValue, null).Rejection!.Code);
        Open(readers, 2);
        Assert.Equal(LiveReaders.FullCode, readers.Open(new UserId(3), default, long.MaxValue, null).Rejection!.Code);
        readers.Close(first);
        Open(readers, 3);
        Assert.Equal(3, readers.Connections);
    }

    [Fact]
    public void Many_who_come_and_go_are_not_all_remembered()
    {
        var readers = Make(connections: 3);
        for (var person = 1; person <= 6; person++)
            readers.Close(Open(readers, person));
        Assert.False(readers.Open(new UserId(7), default, long.MaxValue, null).IsOk);
        Assert.True(readers.Open(new UserId(6), default, long.MaxValue, null).IsOk);
        _clock.Advance(TimeSpan.FromMilliseconds(LiveReaders.RememberedMs + 1));
        readers.Forget();
        Assert.Equal(1, readers.Count);
        Assert.True(readers.Open(new UserId(7), default, long.MaxValue, null).IsOk);
    }

    [Fact]
    public void Numbers_never_step_back_not_even_with_the_clock()
    {
        var readers = Make();
        var one = Open(readers, 1);
        for (var i = 0; i < 10_000; i++)
            readers.Send(new UserId(1), LiveEvent.Notification(i));
        var last = one.Reader.Last;
        readers.Close(one);
        _clock.Advance(TimeSpan.FromMilliseconds(LiveReaders.RememberedMs + 1));
        readers.Forget();
        _clock.AdjustTime(_clock.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.True(Open(readers, 1).Reader.Last > last);
        Assert.True(last < 1L << 53);
    }

    [Fact]
    public void A_walk_meets_everyone_who_is_here_throughout()
    {
        var readers = Make(connections: 1_000);
        var staying = Enumerable.Range(1, 300).Select(i => new UserId(i)).ToHashSet();
        foreach (var person in staying)
            Open(readers, person.Value);
        var leaving = Enumerable.Range(301, 100).Select(i => Open(readers, i)).ToArray();
        var (slice, met, next, step) = (new LiveReader[16], new List<UserId>(), 0, 0);
        do
        {
            next = readers.Walk(next, slice, out var count);
            met.AddRange(slice.Take(count).Select(r => r.Person));
            readers.Close(leaving[step]);
            _clock.Advance(TimeSpan.FromMilliseconds(LiveReaders.RememberedMs + 1));
            readers.Forget();
            Open(readers, 1_000 + step++);
        }
        while (next > 0);
        Assert.Equal(met.Count, met.Distinct().Count());
        Assert.Superset(staying, met.ToHashSet());
    }

    [Fact]
    public async Task Events_sent_at_once_from_many_threads_are_numbered_one_by_one_and_each_senders_keep_their_order()
    {
        const int senders = 4, events = 200;
        var readers = Make();
        var connection = Open(readers, 1);
        var after = connection.After;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
        {
            for (var i = 0; i < events; i++)
                readers.Send(new UserId(1), LiveEvent.Posted(new PostId(sender * events + i + 1), new UserId(sender + 1)));
        })));
        var got = new LiveEvent[EventRing.EventsMax];
        Assert.Equal(senders * events, connection.Reader.Read(ref after, got));
        foreach (var sender in got.Take(senders * events).GroupBy(e => e.Author))
            Assert.Equal(sender.Select(e => e.Post).Order(), sender.Select(e => e.Post));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_an_event_and_by_the_end()
    {
        var readers = Make();
        var connection = Open(readers, 1);
        var waiting = connection.WaitAsync();
        Assert.False(waiting.IsCompleted);
        readers.Send(new UserId(1), LiveEvent.Notification(1));
        await waiting;
        waiting = connection.WaitAsync();
        readers.EndAll();
        await waiting;
        Assert.Equal(ByeReason.Stopping, connection.Bye);
        Assert.Equal(LiveReaders.FullCode, readers.Open(new UserId(2), default, long.MaxValue, null).Rejection!.Code);
    }

    [Fact]
    public void Telling_a_reader_who_is_not_here_allocates_nothing()
    {
        var readers = Make();
        Open(readers, 1);
        readers.Send(new UserId(2), LiveEvent.Notification(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            readers.Send(new UserId(2), LiveEvent.Notification(i));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
