using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class ConsoleReaderTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_feed_is_seen_as_its_reader_would_see_it_with_why_and_why_not()
    {
        var (reader, author, stranger) = (await server.JoinAsync("reads"), await server.JoinAsync("writes"), await server.JoinAsync("stranger"));
        await reader.Client.FollowAsync(author.Id, None);
        var there = await author.Client.PublishAsync(new PublishRequest("This is there."), null, None);
        var elsewhere = await stranger.Client.PublishAsync(new PublishRequest("This is not."), null, None);
        await server.SettledAsync();

        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/reader");
        await FindAsync(visitor, $"@{reader.Handle.ToUpperInvariant()}");
        await Expect(visitor.Heading($"The feed of {reader.Name}")).ToBeVisibleAsync();
        Assert.EndsWith($"/console/reader/{reader.Id}", visitor.Page.Url);
        var slot = visitor.Page.Locator($"[data-post='{there.Id}']");
        await Expect(slot).ToContainTextAsync("This is there.");
        await Expect(visitor.Page.GetByText("This is not.")).ToHaveCountAsync(0);

        await slot.GetByRole(AriaRole.Button, new() { Name = "Why" }).ClickAsync();
        await Expect(visitor.Heading("Why it is there")).ToBeVisibleAsync();
        await visitor.SeesAsync("Number 1");
        await visitor.SeesAsync("That they may like it");
        await visitor.PictureAsync("console-why");
        await visitor.IsAccessibleAsync();
        await visitor.Button("Close").ClickAsync();
        await Expect(slot.GetByRole(AriaRole.Button, new() { Name = "Why" })).ToBeFocusedAsync();

        await ExplainAsync(visitor, elsewhere.Id);
        await Expect(visitor.Heading("Why it is not there")).ToBeVisibleAsync();
        await visitor.SeesAsync("The reader doesn’t follow its author.");
        await visitor.Button("Close").ClickAsync();

        await author.Client.BlockAsync(reader.Id, None);
        await ExplainAsync(visitor, there.Id);
        await visitor.SeesAsync("One of the two blocks the other");
    }

    [Fact]
    public async Task Nobody_and_nonsense_are_told_where_they_were_asked_for()
    {
        var reader = await server.JoinAsync("quiet");
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/reader");
        await visitor.SeesAsync("Whose feed?");
        await FindAsync(visitor, "nobody_at_all");
        await visitor.SeesAsync("There is nobody called nobody_at_all.");

        await visitor.GoAsync($"/console/reader/{reader.Id}");
        await visitor.SeesAsync("An empty feed");
        await FindAsync(visitor, "nobody_whose_handle_is_as_long_as_it_is");
        await visitor.SeesAsync("There is nobody called nobody_whose_handle_is_as_long_as_it_is.");
        await visitor.PictureAsync("console-nobody");
        await visitor.IsClearAsync(visitor.Page.Locator(".finder .form-problem"));
        await visitor.GoAsync("/console/reader");

        await FindAsync(visitor, reader.Id);
        await visitor.SeesAsync("An empty feed");
        await ExplainAsync(visitor, "nonsense");
        await Expect(visitor.Page.GetByLabel("Id of a post")).ToHaveAttributeAsync("aria-invalid", "true");

        await visitor.GoAsync("/console/reader/99999999");
        await visitor.SeesAsync("There is nobody with the id 99999999.");
    }

    private static async Task FindAsync(Visitor visitor, string text)
    {
        await visitor.Page.GetByLabel("Handle or id of a reader").FillAsync(text);
        await visitor.Button("Look", exact: true).ClickAsync();
    }

    private static async Task ExplainAsync(Visitor visitor, string post)
    {
        await visitor.Page.GetByLabel("Id of a post").FillAsync(post);
        await visitor.Button("Explain").ClickAsync();
    }
}
