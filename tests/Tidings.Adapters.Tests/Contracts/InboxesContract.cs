using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class InboxesContract : Contract
{
    [Fact]
    public async Task A_reader_without_an_inbox_takes_no_delivery()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        Assert.Null(await ReadAsync(bob));
        Assert.Equal(0, await Ports.Inboxes.DeliverAsync(await PublishAsync(ada), new[] { bob }, Ct));
        Assert.Null(await ReadAsync(bob));
    }

    [Fact]
    public async Task A_rebuilt_inbox_has_what_was_read_and_what_was_delivered_meanwhile_once()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var posts = new List<PostId>();
        for (var i = 0; i < 5; i++)
            posts.Add(await PublishAsync(ada));

        var ticket = await Ports.Inboxes.OpenAsync(bob, Ct);
        await Ports.Inboxes.DeliverAsync(posts[4], new[] { bob }, Ct);
        await Ports.Inboxes.DeliverAsync(posts[3], new[] { bob }, Ct);
        Assert.True(await Ports.Inboxes.FillAsync(bob, ticket, new[] { posts[3], posts[1], posts[0] }, Ct));

        Assert.Equal([posts[4], posts[3], posts[1], posts[0]], (await ReadAsync(bob))!);
        Assert.Equal(1, await Ports.Inboxes.DeliverAsync(posts[2], new[] { bob }, Ct));
        await Ports.Inboxes.DeliverAsync(posts[2], new[] { bob }, Ct);
        Assert.Equal(Enumerable.Reverse(posts), (await ReadAsync(bob))!);
    }

    [Fact]
    public async Task A_dropped_inbox_is_gone_and_makes_an_open_rebuild_worthless()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        var ticket = await Ports.Inboxes.OpenAsync(bob, Ct);
        await Ports.Inboxes.DropAsync(new[] { bob }, Ct);

        Assert.False(await Ports.Inboxes.FillAsync(bob, ticket, new[] { post }, Ct));
        Assert.Null(await ReadAsync(bob));
        Assert.True(await Ports.Inboxes.FillAsync(bob, await Ports.Inboxes.OpenAsync(bob, Ct), new[] { post }, Ct));
        Assert.Equal([post], (await ReadAsync(bob))!);
    }

    [Fact]
    public async Task An_inbox_keeps_the_newest_up_to_its_cap()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var posts = await RaceAsync(IInboxes.CapEntries + 20, async _ => await PublishAsync(ada));
        Array.Sort(posts);
        await Ports.Inboxes.FillAsync(bob, await Ports.Inboxes.OpenAsync(bob, Ct), default, Ct);
        foreach (var post in posts)
            await Ports.Inboxes.DeliverAsync(post, new[] { bob }, Ct);

        Assert.Equal(posts.Reverse().Take(IInboxes.CapEntries), (await ReadAsync(bob))!);
    }

    [Fact]
    public async Task Readers_who_were_not_here_lately_lose_their_inbox()
    {
        var (ada, bob, eve) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        foreach (var reader in new[] { bob, eve })
        {
            await Ports.Inboxes.FillAsync(reader, await Ports.Inboxes.OpenAsync(reader, Ct), new[] { post }, Ct);
            await ReadAsync(reader);
        }
        Clock.Advance(TimeSpan.FromDays(3));
        await ReadAsync(eve);

        Assert.Equal(1, await Ports.Inboxes.RetireAsync(NowUnixMs - 1_000, Ct));
        Assert.Null(await ReadAsync(bob));
        Assert.Equal([post], (await ReadAsync(eve))!);
    }

    [Fact]
    public async Task A_peek_is_what_a_read_would_get_and_is_not_being_here()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        Assert.Equal(InboxRead.Missing, await PeekAsync(bob));
        Assert.True(await Ports.Inboxes.FillAsync(bob, await Ports.Inboxes.OpenAsync(bob, Ct), new[] { post }, Ct));
        Assert.Equal(new InboxRead(1, true), await PeekAsync(bob));

        Clock.Advance(TimeSpan.FromDays(13));
        Assert.Equal(new InboxRead(1, true), await PeekAsync(bob));
        Clock.Advance(TimeSpan.FromDays(2));
        // Fan-out passes it by from now on: the next read rebuilds it.
        Assert.Equal(InboxRead.Missing, await PeekAsync(bob));
        var presence = new Presence[1];
        await Ports.Presence.ClassifyAsync(new[] { bob }, presence, Ct);
        Assert.Equal(Presence.Dormant, presence[0]);
    }

    private async Task<InboxRead> PeekAsync(UserId reader) => await Ports.Inboxes.PeekAsync(reader, new PostId[IInboxes.CapEntries], Ct);

    private async Task<PostId[]?> ReadAsync(UserId reader)
    {
        var into = new PostId[IInboxes.CapEntries];
        var read = await Ports.Inboxes.ReadAsync(reader, into, Ct);
        return read.Count < 0 ? null : into[..read.Count];
    }
}
