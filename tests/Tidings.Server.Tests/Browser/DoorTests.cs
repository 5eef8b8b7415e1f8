using Microsoft.Playwright;
using Tidings.Server.Simulation;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class DoorTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Who_joins_is_inside_at_once_and_who_signs_out_is_outside_in_every_tab()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Join" }).ClickAsync();
        await visitor.Page.GetByLabel("Name").FillAsync("Nora Newcomer");
        await visitor.Page.GetByLabel("Handle").FillAsync("nora");
        await visitor.Page.GetByLabel("Password").FillAsync("a long password");
        await visitor.Button("Join").ClickAsync();
        await Expect(visitor.Heading("For you")).ToBeVisibleAsync();
        await visitor.SeesAsync("Quiet waters");
        await visitor.PictureAsync("joined");

        var other = await visitor.Page.Context.NewPageAsync();
        await other.GotoAsync("/settings");
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(other.GetByText("You have signed out")).ToBeVisibleAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();

        await visitor.Page.GetByLabel("Handle").FillAsync("@Nora");
        await visitor.Page.GetByLabel("Password").FillAsync("a long password");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Heading("For you")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(Visitor.DeskWidth)]
    [InlineData(Visitor.PhoneWidth)]
    public async Task Where_there_is_no_page_that_is_told_also_to_whoever_is_not_signed_in(int width)
    {
        var someone = await server.JoinAsync("lost");
        await using var visitor = await Visitor.ComeAsync(chromium, server, null, width);
        var answer = await visitor.Page.GotoAsync("/whatever");
        Assert.Equal(404, answer!.Status);
        await Expect(visitor.Heading("There is no such page").Last).ToBeVisibleAsync();
        await Expect(visitor.Page).ToHaveTitleAsync("There is no such page · Tidings");
        await visitor.PictureAsync($"lost-{width}");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "To the feed" }).ClickAsync();
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();

        await visitor.SignInAsync(someone);
        await visitor.GoAsync("/whatever");
        await Expect(visitor.Heading("There is no such page").Last).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "People" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_wrong_with_a_field_is_told_beside_it()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/join");
        await visitor.Page.GetByLabel("Name").FillAsync("Short");
        await visitor.Page.GetByLabel("Handle").FillAsync("short");
        await visitor.Page.GetByLabel("Password").FillAsync("short");
        await visitor.Button("Join").ClickAsync();
        var password = visitor.Page.GetByLabel("Password");
        await Expect(password).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(password).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("10"));
        await Expect(password).ToBeFocusedAsync();
        await Expect(visitor.Page.GetByLabel("Name")).ToHaveValueAsync("Short");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_without_a_hint_which_half_was_wrong()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/sign-in");
        await visitor.Page.GetByLabel("Handle").FillAsync("nobody_at_all");
        await visitor.Page.GetByLabel("Password").FillAsync("a wrong password");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.Locator("form").GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_link_is_where_it_leads_after_signing_in()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/people/blocks");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Join" }).ClickAsync();
        await visitor.Page.GetByLabel("Name").FillAsync("Lia");
        await visitor.Page.GetByLabel("Handle").FillAsync("lia_links");
        await visitor.Page.GetByLabel("Password").FillAsync("a long password");
        await visitor.Button("Join").ClickAsync();
        await Expect(visitor.Heading("Blocked")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_that_the_server_ends_is_left_and_the_place_remembered()
    {
        var someone = await server.JoinAsync("revoked");
        await using var visitor = await Visitor.ComeAsync(chromium, server, someone);
        await visitor.GoAsync("/people/mutes");
        await visitor.SeesAsync("Nobody is muted");
        Assert.Equal(204, await someone.Client.StatusAsync("DELETE", "/v1/sessions/current"));
        await Expect(visitor.Heading("Sign in")).ToBeVisibleAsync();
        await visitor.SeesAsync("Your session has ended");
        Assert.Equal("/people/mutes", await visitor.Page.EvaluateAsync<string>("() => sessionStorage.getItem('tidings.wanted')"));
    }

    [Fact]
    public async Task Where_there_is_no_demo_nobody_asks_for_its_people()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        var refused = new List<string>();
        visitor.Page.Response += (_, answer) =>
        {
            if (answer.Status >= 400) refused.Add($"{answer.Status} {answer.Url}");
        };
        await visitor.GoAsync("/join");
        await visitor.Page.GetByLabel("Name").FillAsync("Plain");
        await visitor.Page.GetByLabel("Handle").FillAsync("plain");
        await visitor.Page.GetByLabel("Password").FillAsync("a long password");
        await visitor.Button("Join").ClickAsync();
        await visitor.SeesAsync("Quiet waters");
        Assert.Empty(refused);
    }

    [Fact]
    public async Task The_people_of_a_demo_are_a_click_away()
    {
        await using var demo = new RunningServer(new ReplayClock(TimeProvider.System), o => o with { Demo = true });
        await demo.InitializeAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, demo, null);
        await visitor.GoAsync("/");
        await visitor.Button("Ada").ClickAsync();
        await Expect(visitor.Posts.First).ToBeVisibleAsync();
        await visitor.PictureAsync("demo");
    }

    [Fact]
    public async Task A_wrong_password_is_told_once_and_says_nothing_of_the_fields()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/sign-in");
        await visitor.Page.GetByLabel("Handle").FillAsync("nobody_here");
        await visitor.Page.GetByLabel("Password").FillAsync("a wrong password");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.Locator("form").GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        foreach (var hint in await visitor.Page.Locator(".field .hint").AllAsync())
            Assert.Equal("", await hint.TextContentAsync());
    }
}
