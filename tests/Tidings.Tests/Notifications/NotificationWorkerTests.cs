using Tidings.Engagement;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Notifications;

public sealed class NotificationWorkerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task However_often_it_is_killed_each_act_counts_once()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var post = await PublishAsync(tidings, author, "x");
        var likers = new List<UserId>();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 40; i++)
            {
                likers.Add(await tidings.JoinAsync($"liker_{round}_{i}"));
                await tidings.Mark.ExecuteAsync(likers[^1], post, Mark.Like, true, None);
            }
            // In some rounds the crash comes while events wait, in others after they were dealt with and before anything else was written.
            if (round % 2 == 0)
                await tidings.Notify.StepAsync(None);
            await tidings.CrashAsync();
        }
        await tidings.DrainNotificationsAsync();
        await tidings.CrashAsync();
        await tidings.DrainNotificationsAsync();

        var (page, next) = await tidings.ReadNotifications.PageAsync(author, 0, 10, None);
        var only = Assert.Single(page);
        Assert.Equal((NotificationKind.Like, post, true, 0L), (only.Kind, only.Post, only.Unread, next));
        Assert.Equal(likers.Count, only.People.Count + only.Others);
        Assert.Equal(likers.TakeLast(3).Reverse(), only.People);
        // Looked at below what is shown, for that is never more than the post's counter.
        var stored = Assert.Single((await tidings.Profile.Notifications.ListAsync(author, None)).Groups);
        Assert.Equal(likers.Count, stored.Acts.Count + stored.Forgotten);
        Assert.Equal(1, await tidings.ReadNotifications.UnreadAsync(author, None));
    }

    [Fact]
    public async Task A_page_walk_tells_everything_once_newest_first()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (author, reader) = (await tidings.JoinAsync("author"), await tidings.JoinAsync("reader"));
        var posts = new List<PostId>();
        for (var i = 0; i < 25; i++)
        {
            posts.Insert(0, await PublishAsync(tidings, author, "x"));
            await tidings.Mark.ExecuteAsync(reader, posts[0], Mark.Share, true, None);
        }
        await tidings.DrainNotificationsAsync();
        foreach (var gone in new[] { posts[3], posts[24] })
            await tidings.Profile.Posts.DeleteAsync(gone, author, null, None);

        var told = new List<PostId>();
        var before = 0L;
        do
        {
            var (page, next) = await tidings.ReadNotifications.PageAsync(author, before, 10, None);
            told.AddRange(page.Select(one => one.Post));
            Assert.True(next == 0 || page.Count == 10);
            before = next;
        }
        while (before != 0);
        Assert.Equal(posts.Where((_, i) => i is not 3 and not 24), told);

        await tidings.DrainNotificationsAsync();
        Assert.Equal(23, await tidings.ReadNotifications.UnreadAsync(author, None));
    }

    [Fact]
    public async Task Only_those_who_may_see_the_post_learn_that_it_names_them()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var people = new Dictionary<string, UserId>();
        foreach (var handle in new[] { "author", "friend", "stranger", "muter", "blocked" })
            people[handle] = await tidings.JoinAsync(handle);
        var author = people["author"];
        await tidings.ChangeTie.ExecuteAsync(author, TieAction.RequestFriend, people["friend"], None);
        await tidings.ChangeTie.ExecuteAsync(people["friend"], TieAction.AcceptFriend, author, None);
        await tidings.ChangeTie.ExecuteAsync(people["muter"], TieAction.Mute, author, None);
        await tidings.ChangeTie.ExecuteAsync(author, TieAction.Block, people["blocked"], None);
        const string all = "@author @friend @stranger @muter @blocked @nobody_at_all";
        await PublishAsync(tidings, author, all, Audience.Friends);
        var shown = await PublishAsync(tidings, author, "plain");
        await tidings.DrainNotificationsAsync();
        Assert.Equal("friend", await NamedAsync());

        await tidings.Edit.ExecuteAsync(shown, author, new PostEdit(all, null, default), null, None);
        await tidings.Edit.ExecuteAsync(shown, author, new PostEdit(all + "!", null, default), null, None);
        await tidings.DrainNotificationsAsync();
        Assert.Equal("friend friend stranger", await NamedAsync());

        await tidings.Profile.Posts.DeleteAsync(shown, author, null, None);
        await tidings.DrainNotificationsAsync();
        Assert.Equal("friend", await NamedAsync());
        Assert.Equal(0, await tidings.ReadNotifications.UnreadAsync(people["stranger"], None));

        async Task<string> NamedAsync()
        {
            var named = new List<string>();
            foreach (var (handle, person) in people)
            {
                var (page, _) = await tidings.ReadNotifications.PageAsync(person, 0, 10, None);
                named.AddRange(page.Where(one => one.Kind == NotificationKind.Mention).Select(_ => handle));
            }
            return string.Join(' ', named);
        }
    }

    [Fact]
    public async Task A_comment_tells_the_author_and_whom_it_names_until_it_is_deleted()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (author, reader, named) = (await tidings.JoinAsync("author"), await tidings.JoinAsync("reader"), await tidings.JoinAsync("named"));
        var post = await PublishAsync(tidings, author, "x");
        var comment = (await tidings.Comment.ExecuteAsync(reader, post, "@author @named @reader look", null, None)).Value.Id;
        await tidings.DrainNotificationsAsync();
        Assert.Equal([NotificationKind.Comment], await KindsAsync(author));
        Assert.Equal([NotificationKind.Mention], await KindsAsync(named));
        Assert.Empty(await KindsAsync(reader));

        await tidings.Comment.DeleteAsync(author, post, comment, None);
        await tidings.DrainNotificationsAsync();
        Assert.Empty(await KindsAsync(author));
        Assert.Empty(await KindsAsync(named));
        Assert.Equal(0, await tidings.ReadNotifications.UnreadAsync(named, None));

        async Task<NotificationKind[]> KindsAsync(UserId person) =>
            [.. (await tidings.ReadNotifications.PageAsync(person, 0, 10, None)).Page.Select(one => one.Kind)];
    }

    [Fact]
    public async Task Who_is_muted_or_blocked_since_does_not_show_even_before_the_worker_ran()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var others = new List<UserId>();
        var post = await PublishAsync(tidings, author, "x");
        foreach (var handle in new[] { "muted", "blocked", "blocker", "liked" })
        {
            others.Add(await tidings.JoinAsync(handle));
            await tidings.Mark.ExecuteAsync(others[^1], post, Mark.Like, true, None);
        }
        await tidings.DrainNotificationsAsync();
        await tidings.ChangeTie.ExecuteAsync(author, TieAction.Mute, others[0], None);
        await tidings.ChangeTie.ExecuteAsync(author, TieAction.Block, others[1], None);
        await tidings.ChangeTie.ExecuteAsync(others[2], TieAction.Block, author, None);

        for (var time = 0; time < 2; time++)
        {
            var (page, _) = await tidings.ReadNotifications.PageAsync(author, 0, 10, None);
            Assert.Equal([others[3]], Assert.Single(page).People);
            Assert.Equal(0, page[0].Others);
            await tidings.DrainNotificationsAsync();
        }
        Assert.Single((await tidings.Profile.Notifications.ListAsync(author, None)).Groups[0].Acts);
    }

    [Fact]
    public async Task What_the_log_no_longer_has_is_passed_over()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (author, reader) = (await tidings.JoinAsync("author"), await tidings.JoinAsync("reader"));
        var post = await PublishAsync(tidings, author, "x");
        await tidings.Mark.ExecuteAsync(reader, post, Mark.Like, true, None);
        tidings.Clock.Advance(TimeSpan.FromDays(8));
        await tidings.Mark.ExecuteAsync(reader, post, Mark.Share, true, None);
        await tidings.Profile.SweepAsync(tidings.Now, None);
        await tidings.RestartAsync();
        await tidings.DrainNotificationsAsync();
        Assert.Equal(NotificationKind.Share, Assert.Single((await tidings.ReadNotifications.PageAsync(author, 0, 10, None)).Page).Kind);
    }

    private static async Task<PostId> PublishAsync(SimulatedTidings tidings, UserId author, string text, Audience audience = Audience.Public) =>
        (await tidings.Publish.ExecuteAsync(new NewPost(author, PostType.Text, audience, default, new PostBody(text, [])), null, None)).Value.Id;
}
