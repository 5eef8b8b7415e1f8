using System.Net;
using Microsoft.Playwright;
using Tidings.Client.Wire;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Security;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class ConsoleDoorTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private const string Stored = "() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href, document.cookie])";

    [Fact]
    public async Task A_wrong_key_is_told_so_and_the_right_one_lets_in_until_signing_out()
    {
        var key = server.Server.NewAdminKey!;
        var service = await server.Admin.MakeKeyAsync("a backend", CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, null);
        await visitor.GoAsync("/console/keys");
        var field = visitor.Page.GetByLabel("Admin key");
        await Expect(field).ToBeFocusedAsync();
        foreach (var (wrong, word) in new[] { ("tda_not-a-key", "doesn’t know that key"), (service.Key, "not an admin key"), (" ", "needed") })
        {
            await field.FillAsync(wrong);
            await visitor.Button("Sign in").ClickAsync();
            await Expect(field).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(word));
            await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
            Assert.DoesNotContain("tidings.admin-key", await visitor.Page.EvaluateAsync<string>(Stored));
        }
        await visitor.IsAccessibleAsync();

        await field.FillAsync($" {key} ");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Heading("Keys and people")).ToBeVisibleAsync();
        Assert.DoesNotContain(key, visitor.Page.Url);
        Assert.DoesNotContain(key, await visitor.Page.EvaluateAsync<string>("() => JSON.stringify([{ ...localStorage }, document.cookie])"));

        var tab = await visitor.Page.Context.NewPageAsync();
        await tab.GotoAsync("/console");
        await Expect(tab.GetByLabel("Admin key")).ToBeVisibleAsync();

        await visitor.Button("Sign out").ClickAsync();
        await visitor.SeesAsync("You have signed out");
        Assert.DoesNotContain(key, await visitor.Page.EvaluateAsync<string>(Stored));
    }

    [Fact]
    public async Task A_key_that_is_replaced_is_shown_the_door()
    {
        await using var own = new RunningServer();
        await own.InitializeAsync();
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, own);
        await visitor.GoAsync("/console");
        await visitor.SeesAsync("All is well");
        await AdminKey.ReplaceAsync(own.Get<ICredentialStore>(), CancellationToken.None);
        own.Get<KnownCallers>().Forget(Token.Hash(own.Server.NewAdminKey!));
        await visitor.SeesAsync("The key is no longer valid");
        await Expect(visitor.Page.GetByLabel("Admin key")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_addresses_of_the_operators_own_the_console_is_there_and_nowhere_else()
    {
        await using var own = new RunningServer(TimeProvider.System, o => o with { AdminUrls = "http://127.0.0.1:0" });
        await own.InitializeAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, own, null);
        var elsewhere = await visitor.Page.GotoAsync("/console");
        Assert.Equal((int)HttpStatusCode.NotFound, elsewhere!.Status);

        await visitor.GoAsync($"{own.Server.Addresses.Last()}/console");
        await visitor.Page.GetByLabel("Admin key").FillAsync(own.Server.NewAdminKey!);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.SeesAsync("All is well");
    }

    [Fact]
    public async Task Nothing_in_the_app_leads_to_the_console()
    {
        var someone = await server.JoinAsync("somebody");
        await using var visitor = await Visitor.ComeAsync(chromium, server, someone);
        foreach (var path in new[] { "/", "/settings", "/people" })
        {
            await visitor.GoAsync(path);
            await Expect(visitor.Page.Locator("a[href='/people']").First).ToBeAttachedAsync();
            await Expect(visitor.Page.Locator("a[href^='/console']")).ToHaveCountAsync(0);
        }
    }
}
