using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class SeenPostsContract : Contract
{
    [Fact]
    public async Task What_was_reported_has_been_seen_by_that_reader_and_no_other()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var posts = Ids(1, 40);
        Assert.Equal(new bool[40], await SeenAsync(ada, posts));
        await NoteAsync(ada, posts[..10]);
        await NoteAsync(ada, posts[10..20]);
        Assert.All((await SeenAsync(ada, posts))[..20], seen => Assert.True(seen));
        Assert.True((await SeenAsync(ada, posts)).Count(seen => seen) <= 22);
        Assert.Equal(new bool[40], await SeenAsync(bob, posts));
        Assert.Equal(new bool[40], await SeenAsync(new UserId((1L << 32) + ada.Value), posts));
    }

    [Fact]
    public async Task What_was_seen_is_forgotten_after_seven_days_and_not_before()
    {
        var ada = await JoinAsync();
        var (first, second) = (Ids(1, 10), Ids(100, 10));
        await NoteAsync(ada, first);
        Clock.Advance(TimeSpan.FromDays(4));
        await NoteAsync(ada, second);
        Clock.Advance(TimeSpan.FromDays(3));
        Assert.All(await SeenAsync(ada, [.. first, .. second]), seen => Assert.True(seen));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new bool[10], await SeenAsync(ada, first));
        Assert.All(await SeenAsync(ada, second), seen => Assert.True(seen));
        Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(new bool[10], await SeenAsync(ada, second));
    }

    [Fact]
    public async Task Nothing_that_was_reported_is_lost_while_a_reader_asks_all_the_time()
    {
        var ada = await JoinAsync();
        var posts = Ids(1, 2_000);
        var reported = 0;
        var asking = Task.Run(async () =>
        {
            for (var until = 0; until < posts.Length;)
            {
                until = Volatile.Read(ref reported);
                Assert.DoesNotContain(false, await SeenAsync(ada, posts[..until]));
            }
        }, Ct);
        for (; reported < posts.Length; Volatile.Write(ref reported, reported + 10))
            await NoteAsync(ada, posts[reported..(reported + 10)]);
        await asking;
    }

    [Fact]
    public async Task The_newest_are_remembered_of_a_reader_who_sees_very_much()
    {
        var ada = await JoinAsync();
        var posts = Ids(1, 20_000);
        await Task.WhenAll(posts.Chunk(100).Select(chunk => NoteAsync(ada, chunk)));
        Assert.All(await SeenAsync(ada, posts[^ISeenPosts.PostsMin..]), seen => Assert.True(seen));
        Assert.True((await SeenAsync(ada, posts[..5_000])).Count(seen => seen) < 5_000);
    }

    [Fact]
    public async Task A_post_that_was_not_shown_counts_as_seen_in_less_than_one_of_a_hundred_cases()
    {
        var ada = await JoinAsync();
        var posts = Ids(1, 20_000);
        await Task.WhenAll(posts[..3_000].Chunk(100).Select(chunk => NoteAsync(ada, chunk)));
        await SeenAsync(ada, posts);
        Assert.InRange((await SeenAsync(ada, posts[3_000..])).Count(seen => seen), 0, 170);
    }

    [Fact]
    public async Task A_report_is_one_event_and_what_it_said_can_be_read()
    {
        var ada = await JoinAsync();
        var before = await Ports.EndAsync(Ct);
        Impression[] shown = [new(new PostId(7), 1_500), new(new PostId(3), 0), new(new PostId(5), ReportImpressions.DwellMsMax)];
        Assert.True((await Ports.SeenPosts.NoteAsync(ada, shown, Ct)).IsOk);

        var events = new Event[4];
        await Ports.Settle(Ct);
        Assert.Equal(1, await Ports.Events.ReadAsync(before, events, Ct));
        Assert.Equal((EventKind.PostsShown, ada, 3L), (events[0].Kind, events[0].Actor, events[0].Detail));
        Assert.Equal(shown, await Ports.SeenPosts.ReportAsync(events[0], Ct));
        Assert.Empty(await Ports.SeenPosts.ReportAsync(events[0] with { Position = 99 }, Ct));
        Assert.Equal("person_not_found", (await Ports.SeenPosts.NoteAsync(new UserId(99), shown, Ct)).Rejection!.Code);
    }

    /// <summary>Ids as posts have them, a second apart.</summary>
    private static PostId[] Ids(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => new PostId(TimeOrderedId.FirstAt(1_790_000_000_000 + i * 1_000L) + 256))];

    private async Task NoteAsync(UserId reader, PostId[] posts) =>
        Assert.True((await Ports.SeenPosts.NoteAsync(reader, Array.ConvertAll(posts, post => new Impression(post, 0)), Ct)).IsOk);

    private async Task<bool[]> SeenAsync(UserId reader, PostId[] posts)
    {
        var into = new bool[posts.Length];
        await Ports.SeenPosts.SeenAsync(reader, posts, into, Ct);
        return into;
    }
}
