using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class PeopleTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Two_become_friends_and_close_ones()
    {
        var ann = await server.JoinAsync("ann");
        var ben = await server.JoinAsync("ben");
        await using (var visitor = await Visitor.ComeAsync(chromium, server, ann))
        {
            await visitor.GoAsync($"/@{ben.Handle}");
            await visitor.Button("Add friend").ClickAsync();
            await Expect(visitor.Button("Take request back")).ToBeVisibleAsync();
            await RunningServer.UntilAsync(async () => (await ben.Client.RequestsReceivedAsync(null, null, CancellationToken.None)).Items.Count == 1);
        }

        await using (var visitor = await Visitor.ComeAsync(chromium, server, ben))
        {
            await visitor.GoAsync("/people/requests");
            await visitor.Button("Accept ann").ClickAsync();
            await visitor.SeesAsync("are friends.");
            await visitor.GoAsync($"/@{ann.Handle}");
            await Expect(visitor.Page.GetByText("Follows you")).ToBeVisibleAsync();
            await visitor.Button("More about ann").ClickAsync();
            await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Make a close friend" }).ClickAsync();
            await visitor.SeesAsync("Close friend");
            await visitor.PictureAsync("friend");
            await visitor.GoAsync("/people/close-friends");
            await Expect(visitor.Page.GetByRole(AriaRole.Main).GetByText("@ann")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_list_tells_what_is_between_the_reader_and_each_without_asking_one_by_one()
    {
        var me = await server.JoinAsync("host");
        foreach (var name in new[] { "one", "two", "three" })
        {
            var guest = await server.JoinAsync(name);
            await guest.Client.FollowAsync(me.Id, CancellationToken.None);
            if (name == "two")
                await me.Client.FollowAsync(guest.Id, CancellationToken.None);
        }
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        var asked = new List<string>();
        visitor.Page.Request += (_, request) =>
        {
            if (request.Url.Split('/')[^1].All(char.IsAsciiDigit)) asked.Add(request.Url);
        };
        await visitor.GoAsync($"/@{me.Handle}/followers");
        var main = visitor.Page.GetByRole(AriaRole.Main);
        await Expect(main.GetByRole(AriaRole.Button, new() { Name = "Follow back" })).ToHaveCountAsync(2);
        await Expect(main.GetByRole(AriaRole.Button, new() { Name = "Following two" })).ToBeVisibleAsync();
        Assert.Empty(asked);
    }

    [Fact]
    public async Task Who_follows_one_is_suggested()
    {
        var me = await server.JoinAsync("lonely");
        var fan = await server.JoinAsync("fan");
        await fan.Client.FollowAsync(me.Id, CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync("/");
        var aside = visitor.Page.GetByRole(AriaRole.Complementary);
        await aside.GetByRole(AriaRole.Button, new() { Name = "Follow back fan" }).ClickAsync();
        await Expect(aside.GetByRole(AriaRole.Button, new() { Name = "Following fan" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_looks_for_someone_is_told_that_it_takes_the_whole_handle()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, await server.JoinAsync("seeker"));
        await visitor.GoAsync("/people");
        var find = visitor.Page.GetByRole(AriaRole.Searchbox, new() { Name = "Find people by handle" });
        await Expect(find).ToHaveAccessibleDescriptionAsync("The whole handle, letter for letter.");
        await find.FillAsync("see");
        await find.PressAsync("Enter");
        await visitor.SeesAsync("There is no @see.");
        await visitor.PictureAsync("find-nobody");
    }

    [Fact]
    public async Task The_tab_that_one_is_on_is_in_sight_also_on_a_phone()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, await server.JoinAsync("tabs"), Visitor.PhoneWidth);
        await visitor.GoAsync("/audiences");
        await Expect(visitor.Page.Locator(".tabs [aria-current]")).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task A_mute_can_be_looked_up_and_undone()
    {
        var me = await server.JoinAsync("muter");
        var loud = await server.JoinAsync("loud");
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync($"/@{loud.Handle}");
        await visitor.Button("More about loud").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Mute" }).ClickAsync();
        await visitor.SeesAsync("is muted.");
        await visitor.GoAsync("/people/mutes");
        await visitor.Button("Unmute").ClickAsync();
        await Expect(visitor.Button("Mute again")).ToBeVisibleAsync();
        await RunningServer.UntilAsync(async () => (await me.Client.MutesAsync(null, null, CancellationToken.None)).Items.Count == 0);
    }

    [Fact]
    public async Task A_tie_that_the_server_refuses_is_put_back_with_a_word()
    {
        var me = await server.JoinAsync("hopeful");
        var other = await server.JoinAsync("other");
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync($"/@{other.Handle}");
        await visitor.Page.RouteAsync("**/me/following/*", route => route.AbortAsync());
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Follow" }).ClickAsync();
        await visitor.SeesAsync("That didn’t work");
        await Expect(visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Follow" })).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task A_profile_is_edited_where_it_is_shown()
    {
        var me = await server.JoinAsync("plain");
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync($"/@{me.Handle}");
        await visitor.Button("Edit profile").ClickAsync();
        await visitor.Page.GetByLabel("Name").FillAsync("Plain Jane");
        await visitor.Page.GetByLabel("About you").FillAsync("Mostly harmless.");
        await visitor.IsAccessibleAsync();
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Heading("Plain Jane")).ToBeVisibleAsync();
        await visitor.SeesAsync("Mostly harmless.");
    }

    [Fact]
    public async Task What_is_ones_own_is_taken_along_or_taken_away()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/join");
        await visitor.Page.GetByLabel("Name").FillAsync("Leaving");
        await visitor.Page.GetByLabel("Handle").FillAsync("leaving");
        await visitor.Page.GetByLabel("Password").FillAsync("a long password");
        await visitor.Button("Join").ClickAsync();
        await Expect(visitor.Heading("For you")).ToBeVisibleAsync();
        await visitor.GoAsync("/settings");
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Button("Download everything").ClickAsync());
        Assert.Equal("tidings-leaving.ndjson", file.SuggestedFilename);
        Assert.Contains("leaving", await File.ReadAllTextAsync(await file.PathAsync()));

        await visitor.Button("Delete account").ClickAsync();
        await visitor.Page.GetByLabel("Your password").FillAsync("not my password");
        await visitor.Button("Delete for good").ClickAsync();
        await visitor.SeesAsync("The password is wrong.");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByLabel("Your password").FillAsync("a long password");
        await visitor.Button("Delete for good").ClickAsync();
        await visitor.SeesAsync("Your account is gone.");
        Assert.Equal(401, await server.Anonymous.StatusAsync("POST", "/v1/sessions", """{"handle":"leaving","password":"a long password"}"""));
    }

    [Fact]
    public async Task Who_blocks_is_not_there_for_whom_they_block()
    {
        var me = await server.JoinAsync("shut");
        var other = await server.JoinAsync("out");
        await other.Client.BlockAsync(me.Id, CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync($"/@{other.Handle}");
        await visitor.SeesAsync($"No @{other.Handle} here");
    }
}
