using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class NotificationTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_others_do_is_counted_at_once_told_in_groups_and_read_by_looking()
    {
        var ct = CancellationToken.None;
        var me = await server.JoinAsync("noted");
        var post = await me.Client.PublishAsync(new PublishRequest("Tell me."), null, ct);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/settings");
        await greeted;
        var bell = visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Notifications" });
        await Expect(bell).ToBeVisibleAsync();
        await Expect(bell.Locator(".nav-count")).ToHaveCountAsync(0);

        foreach (var name in new[] { "alpha", "beta", "gamma", "delta" })
            await (await server.JoinAsync(name)).Client.LikeAsync(post.Id, ct);
        var fan = await server.JoinAsync("fan");
        await fan.Client.FollowAsync(me.Id, ct);
        await fan.Client.BefriendAsync(me.Id, ct);
        await Expect(bell.Locator(".nav-count")).ToHaveTextAsync("3");
        await bell.ClickAsync();
        await Expect(visitor.Page.Locator(".note")).ToHaveCountAsync(3);
        await visitor.SeesAsync("and 2 others");
        await visitor.PictureAsync("notifications");
        await visitor.IsAccessibleAsync();
        await Expect(bell.Locator(".nav-count")).ToHaveCountAsync(0);
        await Expect(bell).ToHaveAttributeAsync("aria-current", "page");

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "liked your post" }).ClickAsync();
        await Expect(visitor.Page.Locator(".post-whole")).ToContainTextAsync("Tell me.");
    }

    [Fact]
    public async Task What_happens_while_one_looks_comes_at_once_and_says_which_post_it_is_about()
    {
        var ct = CancellationToken.None;
        var me = await server.JoinAsync("watcher");
        var post = await me.Client.PublishAsync(new PublishRequest("About herons."), null, ct);
        var fan = await server.JoinAsync("fan");
        await fan.Client.FollowAsync(me.Id, ct);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/notifications");
        await Expect(visitor.Page.Locator(".note")).ToHaveCountAsync(1);
        await greeted;
        await fan.Client.LikeAsync(post.Id, ct);
        await Expect(visitor.Page.Locator(".note")).ToHaveCountAsync(2);
        await Expect(visitor.Page.Locator(".note").First).ToContainTextAsync("About herons.");
        await Expect(visitor.Page.Locator(".nav-count")).ToHaveCountAsync(0);
        await visitor.PictureAsync("notifications-live");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task Nothing_to_tell_is_said_kindly()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, await server.JoinAsync("quiet"), Visitor.PhoneWidth, ColorScheme.Dark);
        await visitor.GoAsync("/notifications");
        await visitor.SeesAsync("All quiet");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_line_parts_what_is_new_from_what_was_seen()
    {
        var ct = CancellationToken.None;
        var me = await server.JoinAsync("reader");
        var author = await server.JoinAsync("author");
        await me.Client.FollowAsync(author.Id, ct);
        foreach (var text in new[] { "Old one.", "Old two." })
            await author.Client.PublishAsync(new PublishRequest(text), null, ct);
        await server.SettledAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.Page.RunAndWaitForResponseAsync(() => visitor.GoAsync("/"), "**/v1/feed/impressions");
        await author.Client.PublishAsync(new PublishRequest("A new one."), null, ct);
        await server.SettledAsync();

        await visitor.Page.ReloadAsync();
        await visitor.SeesAsync("You have seen what follows");
        await Expect(visitor.Posts.First).ToContainTextAsync("A new one.");
        await visitor.PictureAsync("caught-up");
        await visitor.IsAccessibleAsync();
    }
}
