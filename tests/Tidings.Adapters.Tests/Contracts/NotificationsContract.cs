using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class NotificationsContract : Contract
{
    private static readonly PostId Post = new(7), OtherPost = new(8);

    [Fact]
    public async Task Changes_and_position_are_stored_together_and_a_position_counts_once()
    {
        var (ada, bob, eve) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        Assert.Equal(0, await Ports.Notifications.PositionAsync(Ct));
        Assert.Equal([(ada, 1)], await ApplyAsync(5, Add(ada, NotificationKind.Like, Post, bob, 4)));
        Assert.Equal(5, await Ports.Notifications.PositionAsync(Ct));
        Assert.Empty(await ApplyAsync(5, Add(ada, NotificationKind.Like, Post, eve, 5)));
        Assert.Empty(await ApplyAsync(3, Add(ada, NotificationKind.Like, Post, eve, 3)));
        Assert.Equal([(ada, 1)], await ApplyAsync(6, Add(ada, NotificationKind.Like, Post, eve, 6)));
        Assert.Empty(await ApplyAsync(9));

        Assert.Equal(9, await Ports.Notifications.PositionAsync(Ct));
        var group = Assert.Single((await Ports.Notifications.ListAsync(ada, Ct)).Groups);
        Assert.Equal((4, 6, NotificationKind.Like, Post, 6_000), (group.Serial, group.Id, group.Kind, group.Post, group.UnixMs - NowUnixMs));
        Assert.Equal([new(eve, 0), new NotificationAct(bob, 0)], group.Acts);
    }

    [Fact]
    public async Task A_list_is_what_the_changes_make_of_it_one_after_the_other()
    {
        var people = await JoinManyAsync(6);
        var random = new Random(5);
        var expected = people.ToDictionary(person => person, _ => NotificationList.Empty);
        for (var batch = 1; batch <= 60; batch++)
        {
            var changes = Enumerable.Range(0, random.Next(1, 8)).Select(i => new NotificationChange(
                (NotificationOp)random.Next(1, 4), people[random.Next(6)], (NotificationKind)random.Next(4, 7), random.Next(2) == 0 ? Post : OtherPost,
                people[random.Next(6)], 0, batch * 10 + i, NowUnixMs + batch)).ToArray();
            foreach (var change in changes)
                expected[change.Owner] = expected[change.Owner].With(change);
            await ApplyAsync(batch * 10 + 9, changes);
            var reader = people[random.Next(6)];
            if (random.Next(4) == 0)
            {
                expected[reader] = expected[reader].Read(batch * 10);
                Assert.Equal(expected[reader].Unread(NowUnixMs), await Ports.Notifications.ReadAsync(reader, batch * 10, Ct));
            }
        }
        foreach (var person in people)
        {
            var list = await Ports.Notifications.ListAsync(person, Ct);
            Assert.Equal(Text(expected[person]), Text(list));
            Assert.Equal(expected[person].Unread(NowUnixMs), list.Unread(NowUnixMs));
        }
    }

    [Fact]
    public async Task Everyone_who_was_mentioned_forgets_it_when_post_or_comment_goes()
    {
        var (ada, bob, eve) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        await ApplyAsync(
            3, Add(ada, NotificationKind.Mention, Post, eve, 1), Add(bob, NotificationKind.Mention, Post, eve, 2, source: 50),
            Add(ada, NotificationKind.Mention, OtherPost, eve, 3, source: 60));
        Assert.Equal([(bob, 0)], await ApplyAsync(4, Gone(Post, 50, 4)));
        Assert.Equal([(ada, 1)], await ApplyAsync(5, Gone(Post, 0, 5)));
        Assert.Empty(await ApplyAsync(6, Gone(Post, 0, 6)));
        var told = await ApplyAsync(8, Add(bob, NotificationKind.Mention, Post, eve, 7, source: 70), Gone(Post, 70, 8), Gone(OtherPost, 0, 8));
        Assert.Equal([(ada, 0), (bob, 0)], told.Order());
        Assert.Empty((await Ports.Notifications.ListAsync(ada, Ct)).Groups);
        Assert.Empty((await Ports.Notifications.ListAsync(bob, Ct)).Groups);
    }

    [Fact]
    public async Task Who_is_not_there_has_no_notifications()
    {
        var ada = await JoinAsync();
        await ApplyAsync(1, Add(ada, NotificationKind.Follow, PostId.None, ada, 1));
        var nobody = new UserId((1L << 32) + ada.Value);
        Assert.Empty((await Ports.Notifications.ListAsync(nobody, Ct)).Groups);
        Assert.Equal(0, await Ports.Notifications.ReadAsync(nobody, 5, Ct));
        Assert.Equal(1, (await Ports.Notifications.ListAsync(ada, Ct)).Unread(NowUnixMs));
    }

    private NotificationChange Add(UserId owner, NotificationKind kind, PostId post, UserId actor, long position, long source = 0) =>
        new(NotificationOp.Add, owner, kind, post, actor, source, position, NowUnixMs + position * 1_000);

    private NotificationChange Gone(PostId post, long source, long position) =>
        new(NotificationOp.Take, default, default, post, default, source, position, NowUnixMs);

    private async Task<IReadOnlyList<(UserId Owner, int Unread)>> ApplyAsync(long position, params NotificationChange[] changes) =>
        await Ports.Notifications.ApplyAsync(position, changes, Ct);

    private static string Text(NotificationList list) =>
        $"{list.ReadTo}\n" + string.Join('\n', list.Groups.Select(g => $"{g.Serial} {g.Id} {g.Kind} {g.Post} {g.UnixMs} {g.Forgotten} {string.Join(' ', g.Acts)}"));
}
