using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class ConsoleKeysTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_key_is_shown_once_works_and_is_revoked()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/keys");
        var name = visitor.Page.GetByLabel("Which backend it is for");
        await visitor.Button("Make a key").ClickAsync();
        await Expect(name).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("1 to 80"));
        await name.FillAsync("The shop");
        await visitor.Button("Make a key").ClickAsync();
        var key = await visitor.Page.Locator("[data-name=secret]").TextContentAsync();
        var person = await server.JoinAsync("customer");
        var backend = server.Anonymous.As(key);
        Assert.Equal(200, await backend.StatusAsync("GET", "/v1/me", null, ("On-Behalf-Of", person.Id)));
        await visitor.IsAccessibleAsync();

        await visitor.Page.ReloadAsync();
        var row = visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "The shop" });
        await Expect(row).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText(key!)).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "admin" }).GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
        Assert.Equal(401, await backend.StatusAsync("GET", "/v1/me", null, ("On-Behalf-Of", person.Id)));
    }

    [Fact]
    public async Task A_person_is_added_found_and_erased_for_good()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/keys");
        await visitor.Page.GetByLabel("Handle").FillAsync("No!");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Nia");
        await visitor.Button("Add a person").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Handle")).ToHaveAttributeAsync("aria-invalid", "true");
        await visitor.Page.GetByLabel("Handle").FillAsync("nia");
        await visitor.Button("Add a person").ClickAsync();
        await visitor.SeesAsync("@nia");
        var nia = await server.Admin.LookUpByHandleAsync("nia", None);
        Assert.Equal((nia.Id, null), ((await server.Admin.LookUpAsync(nia.Id, None)).Id, nia.Tie));

        var id = visitor.Page.GetByLabel("Id of the person");
        await id.FillAsync("99999999");
        await visitor.Button("Erase for good").ClickAsync();
        await Expect(id).ToHaveAccessibleDescriptionAsync("There is nobody with this id.");
        await id.FillAsync(nia.Id);
        await visitor.Button("Erase for good").ClickAsync();
        await visitor.SeesAsync("Erase Nia (@nia)?");
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Erase" }).ClickAsync();
        await visitor.SeesAsync("Nia is erased.");
        await RunningServer.UntilAsync(async () => await server.Admin.StatusAsync("GET", "/v1/admin/people/by-handle/nia") == 404);
    }
}
