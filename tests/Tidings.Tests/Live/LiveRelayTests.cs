using Tidings.Engagement;
using Tidings.FanOut;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Live;

public sealed class LiveRelayTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(100)]
    [InlineData(2)]
    public async Task A_pushed_and_a_pulled_author_are_told_the_same_way(int threshold)
    {
        await using var world = await LiveWorld.StartAsync(threshold);
        var author = await world.JoinAsync("author");
        var (reader, other) = (await world.FollowerAsync("reader", author), await world.FollowerAsync("other", author));
        var stranger = await world.JoinAsync("stranger");
        var open = new[] { reader, other, stranger, author }.Select(p => world.Open(p)).ToArray();

        var post = await world.PostAsync(author);
        await world.EditAsync(post, author, new PostEdit("other", null, default));
        foreach (var follower in open[..2])
            Assert.Equal([(FrameKind.Posted, post), (FrameKind.Edited, post)], await world.ToldAsync(follower));
        Assert.Empty(await world.ToldAsync(open[2]));
        Assert.Equal([(FrameKind.Edited, post)], await world.ToldAsync(open[3]));

        await world.DeleteAsync(post, author);
        Assert.Equal([(FrameKind.Gone, post)], await world.ToldAsync(open[0]));
        Assert.Empty(await world.ToldAsync(open[2]));
    }

    [Fact]
    public async Task Who_is_told_finds_the_post_in_the_feed()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.FollowerAsync("reader", author);
        var live = world.Open(reader);
        var post = await world.PostAsync(author);
        Assert.Equal([(FrameKind.Posted, post)], await world.ToldAsync(live));
        using var page = (await world.Tidings.ReadFeed.ExecuteAsync(reader, new(Tidings.Feeds.FeedOrder.Latest, 20, null), None)).Value;
        Assert.Equal(post, page.Items[0].Header.Id);
    }

    [Fact]
    public async Task What_a_reader_may_not_see_takes_no_number()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.FollowerAsync("reader", author);
        var list = (await world.Tidings.Profile.Audiences.AddAsync(author, "list", None)).Value;
        var live = world.Open(reader);
        await world.TakeAsync(live);
        var after = live.After;

        await world.PostAsync(author, Audience.Friends);
        var custom = await world.PostAsync(author, Audience.Custom, list);
        await world.DeleteAsync(custom, author);
        await world.DoAsync(reader, TieAction.Mute, author);
        await world.PostAsync(author);
        Assert.Empty(await world.TakeAsync(live));
        Assert.Equal(after, live.After);

        await world.DoAsync(reader, TieAction.Unmute, author);
        await world.Tidings.Profile.Audiences.ChangeMembersAsync(author, list, new[] { reader }, default, None);
        var seen = await world.PostAsync(author, Audience.Custom, list);
        Assert.Equal([(FrameKind.Posted, seen)], await world.ToldAsync(live));
    }

    [Theory]
    [InlineData(TieAction.Block)]
    [InlineData(TieAction.Mute)]
    [InlineData(TieAction.Unfollow)]
    public async Task What_waits_is_looked_at_again_when_it_leaves(TieAction action)
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.FollowerAsync("reader", author);
        var live = world.Open(reader);
        await world.TakeAsync(live);
        var after = live.After;
        await world.PostAsync(author);
        await world.DoAsync(reader, action, author);
        Assert.Equal([new LiveFrame(after + 1, FrameKind.Skip)], await world.TakeAsync(live));
    }

    [Fact]
    public async Task A_blocked_reader_loses_what_is_on_the_screen_and_is_told_nothing_more()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.FollowerAsync("reader", author);
        var live = world.Open(reader);
        var post = await world.PostAsync(author);
        world.Relay.Watch(live, [post]);
        Assert.Equal([(FrameKind.Posted, post), (FrameKind.Counters, post)], await world.ToldAsync(live));

        await world.DoAsync(author, TieAction.Block, reader);
        Assert.Equal([(FrameKind.Lost, post)], await world.ToldAsync(live));
        await world.EditAsync(post, author, new PostEdit("other", null, default));
        await world.Tidings.Mark.ExecuteAsync(author, post, Mark.Like, true, None);
        await world.PostAsync(author);
        Assert.Empty(await world.TakeAsync(live));
        Assert.Equal(0, world.Counters.Posts);
    }

    [Fact]
    public async Task A_narrower_audience_takes_the_post_from_screens_that_may_no_longer_show_it()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var (watching, following) = (await world.FollowerAsync("watching", author), await world.FollowerAsync("following", author));
        var friend = await world.JoinAsync("friend");
        await world.DoAsync(friend, TieAction.RequestFriend, author);
        await world.DoAsync(author, TieAction.AcceptFriend, friend);
        var post = await world.PostAsync(author);
        var live = new[] { watching, following, friend }.Select(p => world.Open(p)).ToArray();
        world.Relay.Watch(live[0], [post]);
        foreach (var connection in live)
            await world.TakeAsync(connection);

        await world.EditAsync(post, author, new PostEdit(null, Audience.Friends, default));
        Assert.Equal([(FrameKind.Gone, post)], await world.ToldAsync(live[0]));
        Assert.Empty(await world.ToldAsync(live[1]));
        Assert.Equal([(FrameKind.Edited, post)], await world.ToldAsync(live[2]));
    }

    [Fact]
    public async Task Watching_what_is_not_there_and_what_may_not_be_seen_looks_the_same()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.JoinAsync("reader");
        var hidden = await world.PostAsync(author, Audience.Friends);
        var live = world.Open(reader);
        await world.TakeAsync(live);
        PostId[] ids = [.. Enumerable.Range(1, LiveConnection.WatchedMax - 1).Select(i => new PostId(i)), hidden];
        world.Relay.Watch(live, ids);
        var told = await world.TakeAsync(live);
        Assert.Equal(ids.Order(), told.Select(f => f.Post).Order());
        Assert.All(told, f => Assert.Equal((FrameKind.Lost, live.After), (f.Kind, f.Seq)));
        Assert.Equal(0, world.Counters.Posts);
    }

    [Fact]
    public async Task A_screen_that_moves_on_before_it_was_told_hears_of_all_that_is_on_it_now()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var posts = new List<PostId>();
        for (var i = 0; i < LiveConnection.WatchedMax + 1; i++)
            posts.Add(await world.PostAsync(author));
        var live = world.Open(author);
        await world.TakeAsync(live);
        world.Relay.Watch(live, posts[..^1]);
        world.Relay.Watch(live, posts[1..]);
        Assert.Equal(posts[1..], (await world.ToldAsync(live)).Where(f => f.Kind == FrameKind.Counters).Select(f => f.Post).Order());
    }

    [Fact]
    public async Task Counters_are_exact_and_come_at_most_twice_a_second_however_many_like()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var post = await world.PostAsync(author);
        var (live, idle) = (world.Open(author), world.Open(author));
        world.Relay.Watch(live, [post]);
        await world.TakeAsync(live);
        await world.TakeAsync(idle);

        var frames = new List<LiveFrame>();
        for (var i = 0; i < 100; i++)
        {
            var fan = await world.JoinAsync($"fan_{i}");
            await world.Tidings.Mark.ExecuteAsync(fan, post, Mark.Like, true, None);
            await world.SettleAsync();
            world.Tidings.Clock.Advance(TimeSpan.FromMilliseconds(20));
            world.Pulse.Tick();
            frames.AddRange(await world.TakeAsync(live));
        }
        world.Tidings.Clock.Advance(TimeSpan.FromMilliseconds(LiveCounters.IntervalMs));
        world.Pulse.Tick();
        frames.AddRange(await world.TakeAsync(live));

        Assert.All(frames, f => Assert.Equal(FrameKind.Counters, f.Kind));
        Assert.InRange(frames.Count, 4, 6);
        Assert.Equal(new Counts(100, 0, 0), frames[^1].Counts);
        Assert.Empty(await world.TakeAsync(idle));
    }

    [Fact]
    public async Task Credentials_that_end_end_the_connection_and_nothing_leaves_after()
    {
        await using var world = await LiveWorld.StartAsync();
        var author = await world.JoinAsync("author");
        var reader = await world.FollowerAsync("reader", author);
        var token = Token.Hash(Token.Make(Token.SessionPrefix));
        await world.Tidings.Profile.Credentials.AddAsync(token, new Credential(KeyKind.Session, reader, "", long.MaxValue), None);
        var (signedIn, expiring) = (world.Open(reader, token: token), world.Open(reader, expiresUnixMs: world.Tidings.Now + 60_000));
        await world.TakeAsync(signedIn);
        await world.TakeAsync(expiring);

        await world.Tidings.Profile.Credentials.RemoveAsync(token, None);
        world.Readers.Recheck(reader);
        await world.PostAsync(author);
        Assert.Equal([(int)ByeReason.SignedOut], (await world.TakeAsync(signedIn)).Select(f => f.Number));
        world.Tidings.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([(int)ByeReason.Expired], (await world.TakeAsync(expiring)).Select(f => f.Number));
        Assert.Empty(await world.TakeAsync(expiring));
    }

    [Fact]
    public async Task Who_is_connected_stays_online_and_who_expires_is_woken()
    {
        await using var world = await LiveWorld.StartAsync();
        var reader = await world.JoinAsync("reader");
        var live = world.Open(reader, expiresUnixMs: world.Tidings.Now + 3_600_000);
        await world.TakeAsync(live);
        var presence = new Presence[1];
        for (var i = 0; i < 4 * 60 * 60; i++)
        {
            world.Tidings.Clock.Advance(LivePulse.Interval);
            world.Pulse.Tick();
            if (i % 1_000 != 999 || live.IsEnded) continue;
            await world.Tidings.Profile.Presence.ClassifyAsync(new[] { reader }, presence, default);
            Assert.Equal(Presence.Online, presence[0]);
        }
        Assert.Equal(ByeReason.Expired, live.Bye);
    }

    [Fact]
    public async Task An_expired_ring_is_one_resync_and_then_what_comes_after()
    {
        await using var world = await LiveWorld.StartAsync();
        var reader = await world.JoinAsync("reader");
        var live = world.Open(reader);
        await world.TakeAsync(live);
        for (var i = 0; i <= EventRing.EventsMax; i++)
            world.Readers.Send(reader, LiveEvent.Notification(i));
        Assert.Equal([FrameKind.Resync], (await world.TakeAsync(live)).Select(f => f.Kind));
        world.Readers.Send(reader, LiveEvent.Notification(7));
        var next = Assert.Single(await world.TakeAsync(live));
        Assert.Equal((FrameKind.Notification, 7, live.After), (next.Kind, next.Number, next.Seq));
    }
}
