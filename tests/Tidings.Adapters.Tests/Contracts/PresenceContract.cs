using Tidings.FanOut;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class PresenceContract : Contract
{
    private async Task<Presence[]> ClassifyAsync(params UserId[] readers)
    {
        var into = new Presence[readers.Length];
        await Ports.Presence.ClassifyAsync(readers, into, Ct);
        return into;
    }

    [Fact]
    public async Task Whoever_was_never_here_is_dormant()
    {
        var reader = await JoinAsync();
        Assert.Equal([Presence.Dormant, Presence.Dormant], await ClassifyAsync(reader, new UserId(uint.MaxValue)));
    }

    [Fact]
    public async Task Presence_fades_and_comes_back()
    {
        var (reader, other) = (await JoinAsync(), await JoinAsync());
        Ports.Presence.Seen(reader);
        Ports.Presence.Seen(other);
        Assert.Equal([Presence.Online, Presence.Online], await ClassifyAsync(reader, other));

        Clock.Advance(TimeSpan.FromMinutes(4));
        Ports.Presence.Seen(other);
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([Presence.Active, Presence.Online], await ClassifyAsync(reader, other));

        Clock.Advance(TimeSpan.FromDays(14));
        Assert.Equal([Presence.Dormant, Presence.Dormant], await ClassifyAsync(reader, other));
        Ports.Presence.Seen(reader);
        Assert.Equal([Presence.Online, Presence.Dormant], await ClassifyAsync(reader, other));
    }

    [Fact]
    public async Task Whoever_says_so_every_20_seconds_is_online_throughout()
    {
        var reader = await JoinAsync();
        for (var i = 0; i < 100; i++)
        {
            Ports.Presence.Seen(reader);
            Clock.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal([Presence.Online], await ClassifyAsync(reader));
        }
    }

    [Fact]
    public async Task Reading_an_inbox_is_being_here()
    {
        var reader = await JoinAsync();
        await Ports.Inboxes.ReadAsync(reader, new PostId[1], Ct);
        Assert.Equal([Presence.Online], await ClassifyAsync(reader));
    }

    [Fact]
    public async Task Whoever_returns_after_being_dormant_has_no_inbox_and_whoever_was_active_has()
    {
        var (dormant, active) = (await JoinAsync(), await JoinAsync());
        foreach (var reader in new[] { dormant, active })
        {
            var ticket = await Ports.Inboxes.OpenAsync(reader, Ct);
            Assert.True(await Ports.Inboxes.FillAsync(reader, ticket, default, Ct));
        }
        Clock.Advance(TimeSpan.FromDays(13));
        Ports.Presence.Seen(active);
        Clock.Advance(TimeSpan.FromDays(2));
        Ports.Presence.Seen(dormant);
        Ports.Presence.Seen(active);
        Assert.Equal(-1, (await Ports.Inboxes.ReadAsync(dormant, new PostId[1], Ct)).Count);
        Assert.Equal(0, (await Ports.Inboxes.ReadAsync(active, new PostId[1], Ct)).Count);
    }

    [Fact]
    public async Task Those_who_are_not_dormant_are_listed_page_by_page()
    {
        var readers = await JoinManyAsync(12);
        readers = [.. readers.OrderBy(reader => reader.Value)];
        foreach (var reader in readers.Take(8))
            Ports.Presence.Seen(reader);
        Clock.Advance(TimeSpan.FromDays(13));
        foreach (var reader in readers.Skip(4).Take(4))
            Ports.Presence.Seen(reader);
        Assert.Equal(readers.Take(8), await ListAsync());
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(readers.Skip(4).Take(4), await ListAsync());

        async Task<List<UserId>> ListAsync()
        {
            var (listed, page) = (new List<UserId>(), new UserId[3]);
            for (var count = page.Length; count == page.Length;)
                listed.AddRange(page[..(count = await Ports.Presence.ListAsync(listed.LastOrDefault(), page, Ct))]);
            return listed;
        }
    }

    [Fact]
    public async Task Many_at_once_lose_nothing()
    {
        var readers = await JoinManyAsync(64);
        await RaceAsync(readers.Length, i =>
        {
            Ports.Presence.Seen(readers[i]);
            return Task.FromResult(i);
        });
        Assert.All(await ClassifyAsync(readers), presence => Assert.Equal(Presence.Online, presence));
    }
}
