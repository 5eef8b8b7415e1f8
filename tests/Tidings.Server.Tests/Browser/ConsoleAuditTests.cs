using Microsoft.Playwright;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class ConsoleAuditTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task An_inbox_that_lacks_something_is_found_shown_repaired_and_whole_again()
    {
        var (reader, author) = (await server.JoinAsync("lacking"), await server.JoinAsync("prolific"));
        await reader.Client.FollowAsync(author.Id, None);
        for (var i = 0; i < 4; i++)
            await author.Client.PublishAsync(new PublishRequest($"Post {i}"), null, None);
        await server.SettledAsync();
        await LoseAllAsync(reader);

        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/audit");
        await visitor.SeesAsync("No audit yet");
        await visitor.Page.GetByLabel("Or these").FillAsync(reader.Id);
        await visitor.Button("Start an audit").ClickAsync();
        await Expect(Completeness(visitor)).ToHaveTextAsync("0.00%");
        await visitor.SeesAsync("0 of the 4 entries that a fresh pull gives are there. 4 are missing.");
        var row = visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = reader.Handle });
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(4);
        await row.GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(visitor.Heading("Why it is not there")).ToBeVisibleAsync();
        await visitor.Button("Close").ClickAsync();
        await visitor.PictureAsync("console-audit");
        await visitor.IsAccessibleAsync();

        await visitor.Button("Repair", exact: true).ClickAsync();
        await visitor.SeesAsync("1 inbox was dropped");
        await Expect(row).ToContainTextAsync("repaired");
        Assert.Equal(4, (await reader.Client.FeedAsync(null, null, null, None)).Items.Count);

        await visitor.Button("Audit again").ClickAsync();
        await Expect(Completeness(visitor)).ToHaveTextAsync("100.00%");
        await visitor.SeesAsync("All 4 entries that a fresh pull gives are in the inboxes.");
        await Expect(visitor.Button("Repair", exact: true)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_wrong_with_what_was_asked_is_told_beside_it()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/audit");
        var readers = visitor.Page.GetByLabel("How many readers");
        foreach (var wrong in new[] { "many", "0", "10001" })
        {
            await readers.FillAsync(wrong);
            await visitor.Button("Start an audit").ClickAsync();
            await Expect(readers).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(readers).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("10,?000"));
        }
        await visitor.Page.GetByLabel("Or these").FillAsync("one, two");
        await visitor.Button("Start an audit").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Or these")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(readers).Not.ToHaveAttributeAsync("aria-invalid", "true");
    }

    /// <summary>An inbox that is there, and empty.</summary>
    private async Task LoseAllAsync(Someone reader)
    {
        Assert.True(UserId.TryParse(reader.Id, out var id));
        var inboxes = server.Get<IInboxes>();
        await inboxes.DropAsync(new[] { id }, None);
        var ticket = await inboxes.OpenAsync(id, None);
        Assert.True(await inboxes.FillAsync(id, ticket, ReadOnlyMemory<PostId>.Empty, None));
    }

    private static ILocator Completeness(Visitor visitor) => visitor.Page.Locator("[data-name=completeness]");
}
