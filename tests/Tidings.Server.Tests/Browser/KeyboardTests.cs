using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class KeyboardTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Keys_walk_the_feed_and_act_on_the_post_they_stand_on()
    {
        await using var visitor = await FeedOfThreeAsync("walker");
        var keys = visitor.Page.Keyboard;
        await keys.PressAsync("j");
        await Expect(visitor.Posts.Nth(0)).ToBeFocusedAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("j");
        await keys.PressAsync("k");
        await Expect(visitor.Posts.Nth(1)).ToBeFocusedAsync();
        await keys.PressAsync("l");
        await Expect(visitor.Posts.Nth(1).Locator(".action-like")).ToHaveAttributeAsync("aria-pressed", "true");
        await visitor.PictureAsync("keyboard");
        await keys.PressAsync("c");
        await Expect(visitor.Posts.Nth(1).GetByLabel("Write a comment")).ToBeFocusedAsync();
        await keys.TypeAsync("jkl?n");
        await Expect(visitor.Posts.Nth(1).GetByLabel("Write a comment")).ToHaveValueAsync("jkl?n");
        await keys.PressAsync("Escape");
        await Expect(visitor.Posts.Nth(1)).ToBeFocusedAsync();
        await keys.PressAsync("o");
        await Expect(visitor.Page.Locator(".post-whole")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Help_is_a_key_away_and_gives_the_focus_back()
    {
        await using var visitor = await FeedOfThreeAsync("asker");
        await visitor.Page.Keyboard.PressAsync("j");
        await visitor.Page.Keyboard.PressAsync("?");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Posts.First).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_menu_is_walked_with_arrows_and_left_with_escape()
    {
        await using var visitor = await FeedOfThreeAsync("menu");
        var button = visitor.Posts.First.GetByRole(AriaRole.Button, new() { Name = "More about the post" });
        await button.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByRole(AriaRole.Menuitem).First).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(visitor.Page.GetByRole(AriaRole.Menuitem).Nth(1)).ToBeFocusedAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.GetByRole(AriaRole.Menu)).ToHaveCountAsync(0);
        await Expect(button).ToBeFocusedAsync();
    }

    /// <summary>The browser moves the focus out of a dialog a moment after it has closed; who is quick presses a key within that moment.</summary>
    [Fact]
    public async Task A_key_counts_from_the_moment_a_dialog_is_closed()
    {
        await using var visitor = await FeedOfThreeAsync("quick");
        await visitor.Page.EvaluateAsync("() => document.activeElement.blur()");
        await visitor.Page.Keyboard.PressAsync("n");
        await Expect(visitor.Page.GetByLabel("Text of the post")).ToBeFocusedAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>(
            """
            () => {
              document.querySelector('dialog').close();
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }));
              return document.querySelector('dialog[open]') !== null;
            }
            """));
    }

    [Fact]
    public async Task Single_keys_can_be_switched_off()
    {
        await using var visitor = await FeedOfThreeAsync("quiet");
        await visitor.GoAsync("/settings");
        await visitor.Page.GetByLabel("Single keys act on the feed").UncheckAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Feed", Exact = true }).ClickAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(3);
        await visitor.Page.Keyboard.PressAsync("n");
        await visitor.Page.Keyboard.PressAsync("j");
        await Expect(visitor.Posts.First).Not.ToBeFocusedAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Keys_are_told_of_where_there_are_some()
    {
        var someone = await server.JoinAsync("settler");
        await using var desk = await Visitor.ComeAsync(chromium, server, someone);
        await desk.GoAsync("/settings");
        await Expect(desk.Heading("Keys")).ToBeVisibleAsync();
        await using var phone = await Visitor.ComeAsync(chromium, server, someone, Visitor.PhoneWidth);
        await phone.GoAsync("/settings");
        await Expect(phone.Heading("Account")).ToBeVisibleAsync();
        await Expect(phone.Heading("Keys")).ToHaveCountAsync(0);
        await phone.PictureAsync("phone-settings");
    }

    [Theory]
    [InlineData(Visitor.DeskWidth)]
    [InlineData(Visitor.PhoneWidth)]
    public async Task What_gets_the_focus_stands_clear_of_what_stays_on_the_screen(int width)
    {
        var me = await server.JoinAsync("focused");
        for (var i = 0; i < 15; i++)
            await me.Client.PublishAsync(new PublishRequest($"Number {i}."), null, CancellationToken.None);
        await server.SettledAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, me, width);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(15);
        var why = visitor.Posts.Nth(7).Locator(".action-why");
        foreach (var isAbove in new[] { true, false })
        {
            await why.EvaluateAsync("(button, isAbove) => scrollBy(0, button.getBoundingClientRect().top - (isAbove ? 5 : innerHeight - 45))", isAbove);
            await why.EvaluateAsync("button => { button.blur(); button.focus(); }");
            await visitor.IsClearAsync(why);
        }
        await visitor.PictureAsync($"focus-{width}");
    }

    [Fact]
    public async Task The_first_tab_leads_past_the_navigation_and_a_new_page_is_read_from_its_heading()
    {
        await using var visitor = await FeedOfThreeAsync("tabber");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await Expect(visitor.Heading("People").First).ToBeFocusedAsync();
        await visitor.Page.EvaluateAsync("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }");
        var skip = visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" });
        await skip.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator("main")).ToBeFocusedAsync();
    }

    private async Task<Visitor> FeedOfThreeAsync(string name)
    {
        var reader = await server.JoinAsync(name);
        for (var i = 0; i < 3; i++)
            await reader.Client.PublishAsync(new PublishRequest($"Number {i}."), null, CancellationToken.None);
        await server.SettledAsync();
        var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(3);
        return visitor;
    }
}
