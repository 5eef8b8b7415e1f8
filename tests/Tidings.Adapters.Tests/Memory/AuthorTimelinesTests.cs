using CsCheck;
using Tidings.Embedded.Memory;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed class AuthorTimelinesTests
{
    private static readonly Gen<(int Author, int Gap)[]> Posts =
        Gen.Select(Gen.Frequency((2, Gen.Int[1, 3]), (1, Gen.Int[4, 12])), Gen.Int[1, 3]).Array[0, 700];

    /// <summary>The whole record, in order; the first of it is older than memory.</summary>
    private sealed class Record : IColdTimelines
    {
        public List<PostHeader> Posts { get; } = [];

        public int Asked { get; private set; }

        public int Older(UserId author, PostId before, Span<PostId> into)
        {
            Asked++;
            lock (Posts) return Newest([author], before, into);
        }

        public int Newest(UserId[] authors, PostId before, Span<PostId> into)
        {
            var count = 0;
            for (var i = Posts.Count - 1; i >= 0 && count < into.Length; i--)
            {
                if (Posts[i].Id.Value < before.Value && authors.Contains(Posts[i].Author)) into[count++] = Posts[i].Id;
            }
            return count;
        }
    }

    [Fact]
    public void Newest_of_many_authors_is_exact_whatever_memory_still_holds() =>
        Gen.Select(Posts, Gen.Int[3, 10], Gen.Int[0, 200], Gen.Bool, Gen.Bool, Gen.Int[0, 400]).Sample((posts, log2, cold, tight, wraps, room) =>
        {
            using var slab = new Slab(64 << 10);
            if (tight)
            {
                // Leaves 512 bytes: most rings can't grow, some can't begin.
                for (var sizeClass = Slab.SizeClasses - 1; sizeClass >= 3; sizeClass--)
                    while (slab.UsedBytes + Slab.BytesOf(sizeClass) <= slab.LimitBytes - 512 && slab.TryRent(sizeClass, out _)) { }
                Assert.Equal(512, slab.LimitBytes - slab.UsedBytes);
            }
            using var hot = new HotPosts(1 << log2, wraps ? uint.MaxValue - 100 : 1);
            using var timelines = new AuthorTimelines(hot, slab);
            var record = new Record();
            long id = 0;
            foreach (var (author, gap) in posts)
            {
                var header = Made.Post(id += gap, author);
                record.Posts.Add(header);
                if (record.Posts.Count <= cold) timelines.MarkOlder(header.Author);
                else timelines.Append(header.Author, hot.Add(header));
            }
            int[][] circles = [[1], [5], [3, 1, 2], [.. Enumerable.Range(1, 14)], [4, 4, 9, 1, 4]];
            foreach (var circle in circles)
            {
                foreach (var before in (PostId[])[PostId.Last, new(id), new(id / 2), new(id - 100), hot.Oldest, new(1)])
                {
                    var (into, expected) = (new PostId[room], new PostId[room]);
                    var count = timelines.Newest(Made.Users(circle), before, into, record);
                    Assert.Equal(expected[..record.Newest(Made.Users(circle), before, expected)], into[..count]);
                }
            }
        }, iter: 200);

    [Fact]
    public void The_record_is_not_asked_for_what_is_hot()
    {
        using var slab = new Slab(1 << 20);
        using var hot = new HotPosts(4_096);
        using var timelines = new AuthorTimelines(hot, slab);
        var record = new Record();
        for (var id = 1; id <= 1_000; id++)
        {
            record.Posts.Add(Made.Post(id, 1 + (id % 50)));
            timelines.Append(record.Posts[^1].Author, hot.Add(record.Posts[^1]));
        }
        for (var author = 1; author <= 60; author++)
            timelines.MarkOlder(new UserId(author));
        var authors = Made.Users([.. Enumerable.Range(1, 60)]);
        Assert.Equal(1_000, timelines.Newest(authors, PostId.Last, new PostId[1_000], record));
        Assert.Equal(0, record.Asked);
    }

    [Fact]
    public void Rings_of_the_silent_give_their_blocks_back()
    {
        using var slab = new Slab(1 << 20);
        using var hot = new HotPosts(256);
        using var timelines = new AuthorTimelines(hot, slab);
        for (var id = 1; id <= 1_000; id++)
            timelines.Append(new UserId(1 + (id % 200)), hot.Add(Made.Post(id, 1 + (id % 200))));
        for (var id = 1_001; id <= 1_000 + (3 * PersonTable.SegmentPeople); id++)
            timelines.Append(new UserId(300), hot.Add(Made.Post(id, 300)));
        Assert.Equal(Slab.BytesOf(3), slab.UsedBytes);
        timelines.Dispose();
        Assert.Equal(0, slab.UsedBytes);
    }

    [Fact]
    public void Merging_allocates_nothing()
    {
        using var slab = new Slab(16 << 20);
        using var hot = new HotPosts(1 << 16);
        using var timelines = new AuthorTimelines(hot, slab);
        var record = new Record();
        for (var id = 1; id <= 50_000; id++)
            timelines.Append(new UserId(1 + (id % 10_000)), hot.Add(Made.Post(id, 1 + (id % 10_000))));
        var (authors, into) = (Made.Users([.. Enumerable.Range(1, 10_000)]), new PostId[1_000]);
        timelines.Newest(authors, PostId.Last, into, record);
        var before = GC.GetAllocatedBytesForCurrentThread();
        timelines.Newest(authors, PostId.Last, into, record);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Who_goes_on_in_a_ring_that_has_turned_is_told_that_it_ended()
    {
        using var slab = new Slab(1 << 20);
        using var hot = new HotPosts(4_096);
        using var timelines = new AuthorTimelines(hot, slab);
        for (var id = 1; id <= 40; id++)
            timelines.Append(new UserId(1), hot.Add(Made.Post(id, 1)));
        var slots = new uint[16];
        var part = timelines.Read(new UserId(1), hot.LastSlot, null, slots);
        Assert.Equal((16, 40u, true, false), (part.Count, slots[0], part.HasMore, part.HasOlder));
        for (var id = 41; id <= 180; id++)
            timelines.Append(new UserId(1), hot.Add(Made.Post(id, 1)));
        part = timelines.Read(new UserId(1), hot.LastSlot, part.Next, slots);
        Assert.Equal((0, false, true, 80u), (part.Count, part.HasMore, part.HasOlder, part.Dropped));
    }

    /// <summary>Two authors grow side by side, so a block that one gives back is the other's at once.</summary>
    [Fact]
    public async Task A_reader_never_believes_a_block_that_went_to_another_author()
    {
        const int pairs = 4_000, each = 70;
        using var slab = new Slab(4 << 20);
        using var hot = new HotPosts(1 << 20);
        using var timelines = new AuthorTimelines(hot, slab);
        var (pair, done) = (0, false);
        using var started = new CountdownEvent(1);
        var reader = Made.Race(1, _ =>
        {
            var (slots, found) = (new uint[100], 0);
            started.Signal();
            while (!Volatile.Read(ref done))
            {
                var author = (2L * Volatile.Read(ref pair)) + 1;
                var part = timelines.Read(new UserId(author), hot.LastSlot, null, slots);
                for (var i = 0; i < part.Count; i++)
                {
                    Assert.Equal(author, AuthorOf(slots[i]));
                    if (i > 0) Assert.Equal(slots[i - 1] - 2, slots[i]);
                }
                found += part.Count;
            }
            return found;
        })[0];
        started.Wait(TestContext.Current.CancellationToken);
        for (long id = 1; id <= pairs * 2 * each; id++)
        {
            timelines.Append(new UserId(AuthorOf(id)), hot.Add(Made.Post(id, AuthorOf(id))));
            Volatile.Write(ref pair, (int)((id - 1) / (2 * each)));
        }
        Volatile.Write(ref done, true);
        await reader;

        static long AuthorOf(long id) => (2 * ((id - 1) / (2 * each))) + 1 + ((id - 1) % 2);
    }

    /// <summary>All ids are by one of the authors asked for, so whatever moment a reader gets, the page has no gap.</summary>
    [Fact]
    public async Task Readers_see_one_moment_while_rings_turn_and_posts_leave_memory()
    {
        const int posts = 60_000;
        using var slab = new Slab(4 << 20);
        using var hot = new HotPosts(512);
        using var timelines = new AuthorTimelines(hot, slab);
        var record = new Record();
        var done = false;
        var authors = Made.Users([.. Enumerable.Range(1, 9)]);
        using var started = new CountdownEvent(2);
        var readers = Made.Race(2, _ =>
        {
            var into = new PostId[700];
            var pages = 0;
            started.Signal();
            do
            {
                var count = timelines.Newest(authors, PostId.Last, into, record);
                for (var i = 1; i < count; i++)
                    Assert.Equal(into[i - 1].Value - 1, into[i].Value);
                Assert.True(count == into.Length || count == 0 || into[count - 1].Value == 1);
                pages += Math.Min(count, 1);
            }
            while (!Volatile.Read(ref done) || pages == 0);
            return pages;
        });
        started.Wait(TestContext.Current.CancellationToken);
        for (var id = 1; id <= posts; id++)
        {
            // Bursts of one author overflow its ring while its posts are hot.
            var header = Made.Post(id, id % 1_000 < 400 ? 1 : 1 + (id % 9));
            lock (record.Posts) record.Posts.Add(header);
            timelines.Append(header.Author, hot.Add(header));
        }
        Volatile.Write(ref done, true);
        Assert.All(await Task.WhenAll(readers), pages => Assert.True(pages > 0));
    }
}
