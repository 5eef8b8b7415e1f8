using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>Inboxes of both layouts beside a plain sorted list, through deliveries in any order, rebuilds, drops and absences.</summary>
public sealed class InboxModelTests(RedisServers servers)
{
    private const int Readers = 3, Posts = 2_600;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An inbox as one would write it down.</summary>
    private sealed class Plain
    {
        public readonly SortedSet<long> Ids = [];
        public bool Open, Ready, Lost;
        public long? Ticket, OldTicket;

        public bool Deliver(long id)
        {
            if (!Open)
                return false;
            var below = Ids.Count == IInboxes.CapEntries && id < Ids.Min;
            Lost |= below;
            return !below && Ids.Add(id) && Cap();
        }

        /// <summary>Past the cap an inbox isn't whole any more.</summary>
        public bool Cap()
        {
            while (Ids.Count > IInboxes.CapEntries)
                Lost |= Ids.Remove(Ids.Min);
            return true;
        }

        public void Drop()
        {
            (Open, Ready, Lost, Ticket, OldTicket) = (false, false, false, null, Ticket ?? OldTicket);
            Ids.Clear();
        }
    }

    [Theory]
    [InlineData(InboxLayout.Packed)]
    [InlineData(InboxLayout.SortedSet)]
    public async Task An_inbox_is_a_sorted_list_with_a_cap_through_rebuilds_and_drops(InboxLayout layout)
    {
        var (addresses, prefix) = await servers.MakeAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var redis = await RedisProfile.OpenAsync(RedisPorts.Options(addresses, prefix, layout), clock, Ct);
        var first = 0L;
        await Gen.Select(Gen.Int[0, 6], Gen.Int[1, Posts], Gen.Int[0, Readers - 1], Gen.Int[0, 1_100]).Array[1, 25].SampleAsync(async steps =>
        {
            // Nobody of one sample is anybody of another.
            var people = Enumerable.Range(0, Readers).Select(i => new UserId(Interlocked.Increment(ref first))).ToArray();
            var plain = people.Select(_ => new Plain()).ToArray();
            foreach (var (step, id, who, length) in steps)
            {
                await StepAsync(redis.Inboxes, people, plain, step, id, who, length);
                await CompareAsync(redis.Inboxes, people[who], plain[who], length);
            }
        }, iter: 60, threads: 2);
    }

    private static async Task StepAsync(IInboxes inboxes, UserId[] people, Plain[] plain, int step, int id, int who, int length)
    {
        switch (step)
        {
            case 0 or 1:
                for (var post = id; post < Math.Min(Posts, id + length); post += 1 + 17 * who)
                {
                    Assert.Equal(plain.Count(inbox => inbox.Deliver(post)), await inboxes.DeliverAsync(Post(post), people, Ct));
                }
                break;
            case 2 or 3:
                var given = await inboxes.OpenAsync(people[who], Ct);
                Assert.True(plain[who].Ticket is not { } known || known == given.Epoch);
                (plain[who].Open, plain[who].Ticket) = (true, given.Epoch);
                break;
            case 4 or 5:
                var posts = Enumerable.Range(0, length).Select(i => id - 2 * i).Where(post => post > 0).Take(IInboxes.CapEntries).ToArray();
                // Now and then somebody comes with a ticket from before the last drop.
                var ticket = step == 5 ? plain[who].OldTicket : plain[who].Ticket;
                var filled = await inboxes.FillAsync(people[who], new InboxTicket(ticket ?? 12_345), Array.ConvertAll(posts, post => Post(post)), Ct);
                Assert.Equal(ticket is not null && ticket == plain[who].Ticket, filled);
                if (!filled)
                    break;
                plain[who].Ids.UnionWith(posts.Select(post => (long)post));
                plain[who].Lost |= posts.Length >= IInboxes.CapEntries;
                plain[who].Ready = plain[who].Cap();
                break;
            case 6:
                await inboxes.DropAsync(new[] { people[who] }, Ct);
                plain[who].Drop();
                break;
        }
    }

    private static async Task CompareAsync(IInboxes inboxes, UserId reader, Plain plain, int room)
    {
        foreach (var size in new[] { IInboxes.CapEntries, room })
        {
            var into = new PostId[size];
            var read = await inboxes.ReadAsync(reader, into, Ct);
            Assert.Equal(read, await inboxes.PeekAsync(reader, new PostId[size], Ct));
            if (!plain.Ready)
            {
                Assert.Equal(InboxRead.Missing, read);
                continue;
            }
            Assert.Equal(plain.Ids.Reverse().Take(size).Select(Post), into[..read.Count]);
            Assert.Equal(!plain.Lost && plain.Ids.Count <= size, read.IsWhole);
        }
    }

    /// <summary>Ids on both sides of 2^32, two of them in each millisecond.</summary>
    private static PostId Post(long number) => new((number << 21) | (number * 40_503 & 0x1F_FFFF));
}
