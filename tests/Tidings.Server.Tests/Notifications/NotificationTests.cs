using System.Net;
using System.Text.Json;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Events;
using Tidings.Notifications;
using Xunit;
using NotificationKind = Tidings.Client.Wire.NotificationKind;

namespace Tidings.Server.Tests.Notifications;

public sealed class NotificationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Everything_that_others_do_is_told_and_nothing_that_one_does_oneself()
    {
        var (author, other) = (await server.JoinAsync("author"), await server.JoinAsync("other"));
        var post = (await author.Client.PublishAsync(new PublishRequest($"hello @{other.Handle} and @{author.Handle}"), null, Ct)).Id;
        await author.Client.LikeAsync(post, Ct);
        await author.Client.CommentAsync(post, "me too", null, Ct);
        await other.Client.FollowAsync(author.Id, Ct);
        await other.Client.BefriendAsync(author.Id, Ct);
        await other.Client.LikeAsync(post, Ct);
        await other.Client.ShareAsync(post, Ct);
        await other.Client.CommentAsync(post, "hi", null, Ct);
        await ToldAsync();

        var told = (await author.Client.NotificationsAsync(null, null, Ct)).Items;
        Assert.Equal(
            [NotificationKind.Comment, NotificationKind.Share, NotificationKind.Like, NotificationKind.FriendRequest, NotificationKind.Follow],
            told.Select(one => one.Kind));
        Assert.Equal([post, post, post, null, null], told.Select(one => one.Post));
        Assert.All(told, one => Assert.Equal((other.Id, other.Handle, 0, true), (one.People.Single().Id, one.People[0].Handle, one.Others, one.Unread)));
        Assert.Equal(5, (await author.Client.UnreadNotificationsAsync(Ct)).Unread);

        await author.Client.BefriendAsync(other.Id, Ct);
        await ToldAsync();
        Assert.DoesNotContain(NotificationKind.FriendRequest, (await author.Client.NotificationsAsync(null, null, Ct)).Items.Select(one => one.Kind));
        var others = (await other.Client.NotificationsAsync(null, null, Ct)).Items;
        Assert.Equal([NotificationKind.Friend, NotificationKind.Mention], others.Select(one => one.Kind));
        Assert.Equal(post, others[1].Post);
    }

    [Theory]
    [InlineData("Short.", "Short.")]
    [InlineData("", null)]
    [InlineData("long", "99 letters")]
    public async Task The_post_that_it_is_about_is_told_by_how_it_begins(string text, string? excerpt)
    {
        // A character of two halves stands where the hundredth letter would be.
        var nines = new string('9', 99);
        (text, excerpt) = text == "long" ? ($"{nines}😀 and more", nines) : (text, excerpt);
        var (author, other) = (await server.JoinAsync("author"), await server.JoinAsync("other"));
        var post = (await author.Client.PublishAsync(new PublishRequest(text, PostType.Image, ["m"]), null, Ct)).Id;
        await other.Client.LikeAsync(post, Ct);
        await ToldAsync();
        Assert.Equal(excerpt, Assert.Single((await author.Client.NotificationsAsync(null, null, Ct)).Items).Excerpt);
    }

    [Fact]
    public async Task Likes_are_grouped_while_unread_and_gone_when_taken_back()
    {
        var author = await server.JoinAsync("author");
        var post = (await author.Client.PublishAsync(new PublishRequest("x"), null, Ct)).Id;
        var likers = new List<Someone>();
        for (var i = 0; i < 5; i++)
        {
            likers.Add(await server.JoinAsync("liker"));
            await likers[i].Client.LikeAsync(post, Ct);
        }
        await ToldAsync();
        var only = Assert.Single((await author.Client.NotificationsAsync(null, null, Ct)).Items);
        Assert.Equal([likers[4].Id, likers[3].Id, likers[2].Id], only.People.Select(p => p.Id));
        Assert.Equal(2, only.Others);

        Assert.Equal(0, (await author.Client.ReadNotificationsAsync(only.Id, Ct)).Unread);
        var late = await server.JoinAsync("late");
        await late.Client.LikeAsync(post, Ct);
        await likers[4].Client.UnlikeAsync(post, Ct);
        await ToldAsync();
        var two = (await author.Client.NotificationsAsync(null, null, Ct)).Items;
        Assert.Equal([(late.Id, 0, true), (likers[3].Id, 1, false)], two.Select(one => (one.People[0].Id, one.Others, one.Unread)));
        Assert.Equal(1, (await author.Client.UnreadNotificationsAsync(Ct)).Unread);

        var page = await author.Client.NotificationsAsync(1, null, Ct);
        Assert.Equal(two[0].Id, page.Items.Single().Id);
        Assert.Equal(two[1].Id, (await author.Client.NotificationsAsync(1, page.NextCursor, Ct)).Items.Single().Id);

        await author.Client.DeletePostAsync(post, Ct);
        await ToldAsync();
        Assert.Empty((await author.Client.NotificationsAsync(null, null, Ct)).Items);
        Assert.Equal(0, (await author.Client.UnreadNotificationsAsync(Ct)).Unread);
    }

    [Fact]
    public async Task A_block_takes_all_away_at_once_and_the_blocked_learn_nothing()
    {
        var (author, blocked) = (await server.JoinAsync("author"), await server.JoinAsync("blocked"));
        var post = (await author.Client.PublishAsync(new PublishRequest("x"), null, Ct)).Id;
        await blocked.Client.LikeAsync(post, Ct);
        await blocked.Client.FollowAsync(author.Id, Ct);
        await author.Client.LikeAsync((await blocked.Client.PublishAsync(new PublishRequest("y"), null, Ct)).Id, Ct);
        await ToldAsync();
        Assert.Equal(2, (await author.Client.NotificationsAsync(null, null, Ct)).Items.Count);
        await author.Client.BlockAsync(blocked.Id, Ct);
        Assert.Empty((await author.Client.NotificationsAsync(null, null, Ct)).Items);
        Assert.Empty((await blocked.Client.NotificationsAsync(null, null, Ct)).Items);
        await ToldAsync();
        Assert.Equal(0, (await author.Client.UnreadNotificationsAsync(Ct)).Unread);
        Assert.Equal(0, (await blocked.Client.UnreadNotificationsAsync(Ct)).Unread);
    }

    [Fact]
    public async Task A_service_acts_for_one_person_and_sees_that_persons_notifications_only()
    {
        var (author, fan) = (await server.JoinAsync("author"), await server.JoinAsync("fan"));
        await fan.Client.FollowAsync(author.Id, Ct);
        await ToldAsync();
        var key = await server.Admin.MakeKeyAsync("notifications", Ct);
        Assert.Single((await server.Anonymous.As(key.Key, author.Id).NotificationsAsync(null, null, Ct)).Items);
        Assert.Empty((await server.Anonymous.As(key.Key, fan.Id).NotificationsAsync(null, null, Ct)).Items);
        foreach (var path in new[] { "/v1/notifications", "/v1/notifications/unread", "/v1/affinity" })
        {
            Assert.Equal(403, await server.Admin.StatusAsync("GET", path));
            Assert.Equal(403, await server.Anonymous.As(key.Key).StatusAsync("GET", path));
        }
    }

    [Fact]
    public async Task A_reader_who_is_here_is_told_how_many_are_unread()
    {
        var (author, fan) = (await server.JoinAsync("author"), await server.JoinAsync("fan"));
        await using var live = await author.Client.OpenLiveAsync(null, Ct);
        Assert.Equal("hello", (await live.NextAsync(Ct))!.Type);
        await fan.Client.FollowAsync(author.Id, Ct);
        var told = await live.NextAsync(Ct);
        Assert.Equal(("notification", 1), (told!.Type, told.Unread));
        await author.Client.ReadNotificationsAsync((await author.Client.NotificationsAsync(null, null, Ct)).Items[0].Id, Ct);
        told = await live.NextAsync(Ct);
        Assert.Equal(("notification", 0), (told!.Type, told.Unread));
    }

    [Theory]
    [InlineData("""{"up_to":"0"}""")]
    [InlineData("""{"up_to":"x"}""")]
    public async Task Only_ids_are_read_up_to(string body)
    {
        var someone = await server.JoinAsync("someone");
        var problem = await someone.Client.SendAsync("PUT", "/v1/notifications/read", body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("up_to", Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task The_answer_is_written_as_the_documents_say()
    {
        var (author, fan) = (await server.JoinAsync("author"), await server.JoinAsync("fan"));
        await fan.Client.BefriendAsync(author.Id, Ct);
        await ToldAsync();
        using var page = JsonDocument.Parse(await author.Client.SendAsync("GET", "/v1/notifications").TextAsync());
        var one = page.RootElement.GetProperty("items")[0];
        Assert.Equal(["id", "kind", "people", "others", "at", "unread"], one.EnumerateObject().Select(p => p.Name));
        Assert.Equal("friend_request", one.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.String, one.GetProperty("id").ValueKind);
    }

    /// <summary>Waits until all that happened so far was dealt with.</summary>
    private Task ToldAsync()
    {
        var end = server.Get<IEventLog>().End;
        return RunningServer.UntilAsync(() => server.Get<NotificationWorker>().Position >= end);
    }
}
