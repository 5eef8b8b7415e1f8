using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded.Memory;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;
using static Tidings.Adapters.Tests.Memory.Made;

namespace Tidings.Adapters.Tests.Memory;

public sealed class InboxesTests
{
    private const int Posts = 2_500;

    /// <summary>An inbox as one would write it down: what it holds, and what became of the rest.</summary>
    private sealed class Plain
    {
        private readonly SortedSet<long> _ids = [];

        public long Epoch { get; private set; }

        public InboxState State { get; private set; }

        public bool Lost { get; private set; }

        public void Open()
        {
            if (State == InboxState.None) State = InboxState.Opening;
        }

        public bool Deliver(long id, bool hot)
        {
            if (State == InboxState.None) return false;
            if (hot && !_ids.Contains(id) && !(_ids.Count == IInboxes.CapEntries && id < _ids.Min))
            {
                _ids.Add(id);
                Cap();
                return true;
            }
            Lost |= !hot || !_ids.Contains(id);
            return false;
        }

        public bool Fill(long epoch, long[] posts, long oldestHot)
        {
            if (State == InboxState.None || epoch != Epoch) return false;
            _ids.UnionWith(posts.Where(id => id >= oldestHot));
            Lost |= posts.Any(id => id < oldestHot) || posts.Length >= IInboxes.CapEntries;
            Cap();
            State = InboxState.Ready;
            return true;
        }

        public void Drop()
        {
            (Epoch, State, Lost) = (Epoch + 1, InboxState.None, false);
            _ids.Clear();
        }

        public (PostId[]? Ids, bool Whole) Read(int room, long oldestHot) => State != InboxState.Ready
            ? (null, false)
            : ([.. _ids.Reverse().Where(id => id >= oldestHot).Take(room).Select(id => new PostId(id))],
                !Lost && _ids.Count <= room && (_ids.Count == 0 || _ids.Min >= oldestHot));

        private void Cap()
        {
            while (_ids.Count > IInboxes.CapEntries)
                Lost |= _ids.Remove(_ids.Min);
        }
    }

    [Fact]
    public void An_inbox_is_a_sorted_list_with_a_cap_through_rebuilds_and_drops() =>
        Gen.Select(Gen.Frequency((6, Gen.Const(0)), (3, Gen.Int[1, 5])), Gen.Int[1, Posts], Gen.Int[1, 3], Gen.Int[0, 1_300])
            .Array[1, 80].Select(Gen.Bool).Sample((steps, wraps) =>
            {
                using var slab = new Slab(4 << 20);
                using var hot = new HotPosts(2_048, wraps ? uint.MaxValue - 1_200 : 1);
                using var inboxes = new Inboxes(hot, slab, new FakeTimeProvider());
                for (var id = 1; id <= Posts; id++)
                    hot.Add(Made.Post(id, 1));
                var plain = Enumerable.Range(0, 4).ToDictionary(i => (long)i, _ => new Plain());
                var tickets = new Dictionary<long, InboxTicket>();
                foreach (var (step, id, person, length) in steps)
                    Step(inboxes, plain, tickets, hot.Oldest.Value, step, id, person, length);
                inboxes.Dispose();
                Assert.Equal(0, slab.UsedBytes);
            }, iter: 150);

    private static void Step(
        Inboxes inboxes, Dictionary<long, Plain> plain, Dictionary<long, InboxTicket> tickets, long oldest, int step, int id, int person, int length)
    {
        var (reader, model) = (new UserId(person), plain[person]);
        switch (step)
        {
            case 0:
                for (var post = id; post < Math.Min(Posts, id + length); post += person)
                {
                    var taken = Now(inboxes.DeliverAsync(new PostId(post), Made.Users(1, 2, 3), default));
                    Assert.Equal(plain.Values.Count(inbox => inbox.Deliver(post, post >= oldest)), taken);
                }
                break;
            case 1 or 2:
                // The second kind is another read's: the ticket at hand gets older.
                var given = Now(inboxes.OpenAsync(reader, default));
                if (step == 1) tickets[person] = given;
                model.Open();
                break;
            case 3 or 4 when tickets.TryGetValue(person, out var ticket):
                long[] posts = [.. Enumerable.Range(0, length).Select(i => (long)id - (i * 2)).Where(p => p > 0).Take(IInboxes.CapEntries)];
                var filled = Now(inboxes.FillAsync(reader, ticket, Array.ConvertAll(posts, p => new PostId(p)), default));
                Assert.Equal(model.Fill(ticket.Epoch, posts, oldest), filled);
                break;
            case 5:
                Now(inboxes.DropAsync(new[] { reader }, default));
                model.Drop();
                break;
        }
        foreach (var room in (int[])[1_000, length])
        {
            var into = new PostId[room];
            var read = Now(inboxes.ReadAsync(reader, into, default));
            var (ids, whole) = model.Read(room, oldest);
            Assert.Equal(ids?.Length ?? -1, read.Count);
            Assert.Equal(whole, read.IsWhole);
            if (ids is not null) Assert.Equal(ids, into[..read.Count]);
        }
        Assert.Equal(plain.Values.Count(inbox => inbox.State != InboxState.None), inboxes.OpenInboxes);
    }

    [Fact]
    public void An_entry_takes_at_most_eight_bytes_beyond_the_first_block()
    {
        using var world = new World(postsHot: 2_048);
        world.OpenAll(1);
        for (var id = 1; id <= 1_500; id++)
        {
            world.Post(id);
            Now(world.Inboxes.DeliverAsync(new PostId(id), Made.Users(1), default));
            Assert.Equal(Math.Min(id, 1_000), world.Inboxes.Entries);
            Assert.True(world.Inboxes.Bytes <= Math.Max(64, 8 * world.Inboxes.Entries));
        }
    }

    [Fact]
    public void A_full_memory_costs_an_inbox_not_its_order()
    {
        using var world = new World(postsHot: 2_048, slabBytes: 64 << 10);
        world.OpenAll(40);
        for (var id = 1; id <= 1_000; id++)
        {
            world.Post(id);
            Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default));
        }
        var (into, left) = (new PostId[1_000], 0);
        foreach (var reader in world.Readers)
        {
            var read = Now(world.Inboxes.ReadAsync(reader, into, default));
            if (read.Count < 0) continue;
            left++;
            Assert.Equal(Enumerable.Range(1, 1_000).Reverse().Select(id => new PostId(id)), into);
            Assert.True(read.IsWhole);
        }
        Assert.InRange(left, 1, 16);
        Assert.Equal(left, world.Inboxes.OpenInboxes);
        Assert.Equal(world.Slab.UsedBytes, world.Inboxes.Bytes);
    }

    [Fact]
    public void A_post_that_comes_too_late_for_a_full_inbox_leaves_it_no_longer_whole()
    {
        using var world = new World(postsHot: 2_048);
        world.OpenAll(1);
        for (var id = 1; id <= 1_001; id++)
            world.Post(id);
        for (var id = 2; id <= 1_001; id++)
            Assert.Equal(1, Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default)));
        Assert.Equal(new InboxRead(1_000, true), Now(world.Inboxes.ReadAsync(new UserId(1), new PostId[1_000], default)));
        Assert.Equal(0, Now(world.Inboxes.DeliverAsync(new PostId(1), world.Readers, default)));
        Assert.Equal(new InboxRead(1_000, false), Now(world.Inboxes.ReadAsync(new UserId(1), new PostId[1_000], default)));
    }

    [Fact]
    public async Task Two_workers_on_one_inbox_lose_nothing()
    {
        const int posts = 500;
        using var world = new World(postsHot: 1_024);
        for (var id = 1; id <= posts; id++)
            world.Post(id);
        for (var round = 0; round < 100; round++)
        {
            world.OpenAll(3);
            using var start = new Barrier(2);
            var taken = await Task.WhenAll(Race(2, worker =>
            {
                var count = 0;
                start.SignalAndWait();
                for (var id = 1 + worker; id <= posts; id += 2)
                    count += Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default));
                return count;
            }));
            Assert.Equal(3 * posts, taken.Sum());
            Assert.Equal(3 * posts, world.Inboxes.Entries);
            foreach (var reader in world.Readers)
                Assert.Equal(new InboxRead(posts, true), Now(world.Inboxes.ReadAsync(reader, new PostId[1_000], default)));
            Now(world.Inboxes.DropAsync(world.Readers, default));
        }
    }

    [Fact]
    public void Presence_fades_from_online_to_active_to_dormant()
    {
        using var world = new World(postsHot: 16);
        var (readers, presence) = (Made.Users(1, 2), new Presence[2]);
        world.Inboxes.Seen(readers[0]);
        foreach (var (after, expected) in ((TimeSpan, Presence)[])[
            (TimeSpan.FromMinutes(5), Presence.Online), (TimeSpan.FromSeconds(1), Presence.Active),
            (TimeSpan.FromDays(14) - TimeSpan.FromSeconds(301), Presence.Active), (TimeSpan.FromSeconds(1), Presence.Dormant)])
        {
            world.Clock.Advance(after);
            Assert.True(world.Inboxes.ClassifyAsync(readers, presence, default).IsCompletedSuccessfully);
            Assert.Equal([expected, Presence.Dormant], presence);
        }
    }

    [Fact]
    public void Who_returns_after_being_dormant_has_no_inbox()
    {
        using var world = new World(postsHot: 16);
        world.OpenAll(2);
        world.Clock.Advance(TimeSpan.FromDays(13));
        world.Inboxes.Seen(new UserId(2));
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(-1, Now(world.Inboxes.ReadAsync(new UserId(1), new PostId[1], default)).Count);
        Assert.Equal(0, Now(world.Inboxes.ReadAsync(new UserId(2), new PostId[1], default)).Count);
    }

    [Fact]
    public void Retiring_frees_who_was_not_here_and_trims_what_is_no_longer_hot()
    {
        using var world = new World(postsHot: 16);
        world.OpenAll(3);
        for (var id = 1; id <= 20; id++)
        {
            world.Post(id);
            Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default));
        }
        Assert.Equal(new InboxRead(16, false), Now(world.Inboxes.ReadAsync(new UserId(3), new PostId[20], default)));
        world.Clock.Advance(TimeSpan.FromHours(1));
        world.Inboxes.Seen(new UserId(2));
        var ticket = Now(world.Inboxes.OpenAsync(new UserId(2), default));
        Assert.Equal(2, Now(world.Inboxes.RetireAsync(world.Clock.GetUtcNow().ToUnixTimeMilliseconds(), default)));
        Assert.Equal((1, 16), (world.Inboxes.OpenInboxes, world.Inboxes.Entries));
        Assert.Equal(new InboxRead(16, false), Now(world.Inboxes.ReadAsync(new UserId(2), new PostId[20], default)));
        Assert.True(Now(world.Inboxes.FillAsync(new UserId(2), ticket, default, default)));
    }

    [Fact]
    public void Delivering_and_reading_allocate_nothing()
    {
        using var world = new World(postsHot: 4_096);
        world.OpenAll(1_000);
        var into = new PostId[1_000];
        for (var id = 1; id <= 40; id++)
        {
            world.Post(id);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default));
            Now(world.Inboxes.ReadAsync(new UserId(id), into, default));
            if (id > 20) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>Two workers deliver the same posts, each in its own order, while readers come, read, lose their inboxes and rebuild them.</summary>
    [Fact]
    public async Task Whatever_is_delivered_during_rebuilds_is_there_once_and_in_order()
    {
        const int readers = 8, posts = 20_000;
        using var world = new World(postsHot: 1 << 15);
        world.OpenAll(readers);
        var (committed, done) = (0, false);
        var reading = Race(2, seed =>
        {
            var random = new Lcg(seed);
            var (into, source, rebuilds) = (new PostId[1_000], new PostId[1_000], 0);
            while (!Volatile.Read(ref done))
            {
                var reader = new UserId(1 + random.Next(readers));
                if (random.Next(20) == 0) Now(world.Inboxes.DropAsync(new[] { reader }, default));
                var read = Now(world.Inboxes.ReadAsync(reader, into, default));
                for (var i = 1; i < read.Count; i++)
                    Assert.True(into[i].Value < into[i - 1].Value);
                if (read.Count >= 0) continue;
                rebuilds++;
                var ticket = Now(world.Inboxes.OpenAsync(reader, default));
                Now(world.Inboxes.FillAsync(reader, ticket, source.AsMemory(0, Newest(Volatile.Read(ref committed), source)), default));
            }
            return rebuilds;
        });
        var workers = Race(2, worker =>
        {
            var taken = 0;
            for (var block = 0; block < posts / 10; block++)
            {
                while (Volatile.Read(ref committed) < (block + 1) * 10)
                    Thread.SpinWait(20);
                for (var i = 0; i < 10; i++)
                {
                    var id = (block * 10) + 1 + (worker == 0 ? i : 9 - i);
                    taken += Now(world.Inboxes.DeliverAsync(new PostId(id), world.Readers, default));
                }
            }
            return taken;
        });
        for (var id = 1; id <= posts; id++)
        {
            world.Post(id);
            Volatile.Write(ref committed, id);
        }
        await Task.WhenAll(workers);
        Volatile.Write(ref done, true);
        await Task.WhenAll(reading);

        var (newest, found) = (new PostId[1_000], new PostId[1_000]);
        Newest(posts, newest);
        foreach (var reader in world.Readers)
        {
            if (Now(world.Inboxes.ReadAsync(reader, found, default)).Count is var count and >= 0)
                Assert.Equal(newest[..count], found[..count]);
        }
        Assert.Equal(world.Slab.UsedBytes, world.Inboxes.Bytes);
    }

    private static int Newest(int newest, PostId[] into)
    {
        var count = Math.Min(newest, into.Length);
        for (var i = 0; i < count; i++)
            into[i] = new PostId(newest - i);
        return count;
    }

    private sealed class World : IDisposable
    {
        public World(int postsHot, long slabBytes = 64 << 20)
        {
            (Hot, Slab) = (new HotPosts(postsHot), new Slab(slabBytes));
            Inboxes = new Inboxes(Hot, Slab, Clock);
        }

        public HotPosts Hot { get; }

        public Slab Slab { get; }

        public FakeTimeProvider Clock { get; } = new();

        public Inboxes Inboxes { get; }

        public UserId[] Readers { get; private set; } = [];

        public void Post(long id) => Hot.Add(Made.Post(id, 1));

        public void OpenAll(int readers)
        {
            Readers = Made.Users([.. Enumerable.Range(1, readers)]);
            foreach (var reader in Readers)
                Assert.True(Now(Inboxes.FillAsync(reader, Now(Inboxes.OpenAsync(reader, default)), default, default)));
        }

        public void Dispose()
        {
            Inboxes.Dispose();
            Assert.Equal(0, Slab.UsedBytes);
            Hot.Dispose();
            Slab.Dispose();
        }
    }
}
