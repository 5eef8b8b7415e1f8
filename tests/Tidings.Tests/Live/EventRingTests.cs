using CsCheck;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Live;

public sealed class EventRingTests
{
    private static LiveEvent Made(int i) => (i % 3) switch
    {
        0 => LiveEvent.Posted(new PostId(long.MaxValue - i), new UserId(uint.MaxValue - i)),
        1 => LiveEvent.Gone(new PostId(i), new UserId(i + 1)),
        _ => LiveEvent.Notification(int.MaxValue - i),
    };

    [Fact]
    public void It_holds_exactly_the_newest_under_their_numbers() =>
        Gen.Select(Gen.Long[0, 1L << 52], Gen.Int[0, 3_000]).Sample((start, count) =>
        {
            var ring = new EventRing(start);
            for (var i = 0; i < count; i++)
                ring.Add(Made(i));

            var held = Math.Min(count, EventRing.EventsMax);
            Assert.Equal(start + count, ring.Last);
            Assert.Equal(start + count - held + 1, ring.First);
            var events = new LiveEvent[EventRing.EventsMax + 1];
            Assert.Equal(held, ring.Copy(ring.First - 1, events));
            for (var i = 0; i < held; i++)
                Assert.Equal(Made(count - held + i), events[i]);
        }, iter: 200);

    [Fact]
    public void Whoever_comes_for_the_next_after_all_was_lost_has_missed_something() =>
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 10]).Sample((before, after) =>
        {
            var ring = new EventRing(10);
            for (var i = 0; i < before; i++)
                ring.Add(Made(i));
            var last = ring.Last;
            ring.Lose();
            Assert.True(last < ring.First - 1);
            for (var i = 0; i < after; i++)
                ring.Add(Made(i));
            var events = new LiveEvent[EventRing.EventsMax];
            Assert.Equal(after, ring.Copy(ring.First - 1, events));
            Assert.Equal(Enumerable.Range(0, after).Select(Made), events[..after]);
        }, iter: 100);

    [Fact]
    public void What_is_copied_after_a_number_begins_with_the_next() =>
        Gen.Select(Gen.Int[1, 2_000], Gen.Int[0, 2_000], Gen.Int[1, 64]).Sample((count, back, room) =>
        {
            var ring = new EventRing(10);
            for (var i = 0; i < count; i++)
                ring.Add(Made(i));
            var after = Math.Max(ring.First - 1, ring.Last - back);
            var events = new LiveEvent[room];
            var copied = ring.Copy(after, events);
            Assert.Equal((int)Math.Min(room, ring.Last - after), copied);
            for (var i = 0; i < copied; i++)
                Assert.Equal(Made((int)(after - 10) + i), events[i]);
        }, iter: 500);
}
