using Microsoft.Playwright;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class ConsoleRankingTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Ranking_is_changed_by_preset_and_by_setting_and_what_is_wrong_is_told_at_the_field()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/ranking");
        var halfLife = visitor.Page.GetByLabel("Half-life, minutes");
        await Expect(halfLife).ToHaveValueAsync("720");

        await visitor.Button("Seed").ClickAsync();
        await visitor.Button("Rank so", exact: true).ClickAsync();
        await visitor.SeesAsync("Ranked by “Seed” from now on.");
        await Expect(visitor.Page.Locator(".preset[aria-pressed=true]")).ToHaveTextAsync([new System.Text.RegularExpressions.Regex("^Seed")]);
        await visitor.PictureAsync("console-presets");
        await Expect(visitor.Page.GetByLabel("Decay")).ToHaveValueAsync("hyperbolic");
        Assert.Equal(RankingDecay.Hyperbolic, (await server.Admin.RankingAsync(None)).Profile.Decay);

        foreach (var (wrong, word) in new[] { ("0", "1 to 525"), ("soon", "A number") })
        {
            await halfLife.FillAsync(wrong);
            // Sent from where the field is just under the head.
            await halfLife.EvaluateAsync("field => scrollBy(0, field.getBoundingClientRect().top)");
            await halfLife.EvaluateAsync("field => { field.blur(); field.form.requestSubmit(); }");
            await Expect(halfLife).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(halfLife).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(word));
            await Expect(halfLife).ToBeFocusedAsync();
            await visitor.IsClearAsync(halfLife);
            await visitor.IsClearAsync(visitor.Page.Locator("#setting-half_life_minutes-hint"));
        }
        await visitor.PictureAsync("console-ranking-wrong");
        await visitor.IsAccessibleAsync();

        await halfLife.FillAsync("90");
        await visitor.Page.GetByLabel("Decay").SelectOptionAsync("exponential");
        await visitor.Page.GetByLabel("A predicted hide takes").FillAsync("7.5");
        await Expect(visitor.Page.Locator(".fade")).ToHaveAccessibleNameAsync(new System.Text.RegularExpressions.Regex("6 % after 6 hours"));
        await visitor.Button("Rank so from now on").ClickAsync();
        await visitor.SeesAsync("Ranked so from now on.");
        var profile = (await server.Admin.RankingAsync(None)).Profile;
        await Expect(visitor.Page.Locator(".preset[aria-pressed=true]")).ToHaveCountAsync(0);
        await visitor.SeesAsync("None of them just now");
        Assert.Equal((90, 7.5f, 0, RankingDecay.Exponential), (profile.HalfLifeMinutes, profile.HeadWeights.Hide, profile.FairnessMax, profile.Decay));
    }

    [Fact]
    public async Task An_experiment_is_put_together_started_compared_and_stopped()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/experiments");
        await visitor.SeesAsync("No experiment yet");
        await visitor.Button("New experiment").ClickAsync();
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").First.FillAsync("No Good");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(dialog.GetByLabel("Name").First).ToHaveAttributeAsync("aria-invalid", "true");

        await dialog.GetByLabel("Name").First.FillAsync("two-a-page");
        var other = dialog.GetByRole(AriaRole.Group, new() { Name = "Variant 1" });
        await dialog.GetByRole(AriaRole.Group, new() { Name = "The control" }).GetByLabel("Share").FillAsync("0.5");
        await other.GetByLabel("Share").FillAsync("0.5");
        await other.GetByLabel("Setting to change").SelectOptionAsync(new SelectOptionValue { Label = "Posts of an author on a page" });
        await other.GetByLabel("Posts of an author on a page").FillAsync("5");
        await visitor.PictureAsync("console-experiment-new");
        await visitor.IsAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();

        await Expect(visitor.Heading("two-a-page")).ToBeVisibleAsync();
        Assert.Equal(5, Assert.Single((await server.Admin.ExperimentsAsync(None)).Items).Variants[1].Ranking.PerAuthorMax);
        await visitor.SeesAsync("Posts of an author on a page: 5");
        await ReadAndLikeAsync(12);
        await server.Get<RunExperiments>().StepAsync(None);
        await visitor.Page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('td[data-label=Readers]')].reduce((sum, cell) => sum + Number(cell.textContent), 0) === 12");
        await Expect(visitor.Page.Locator(".interval")).ToHaveCountAsync(7);
        await Expect(visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasTextRegex = new System.Text.RegularExpressions.Regex("^Likes") })).ToContainTextAsync("1 to 1");
        await visitor.PictureAsync("console-experiment");
        await visitor.IsAccessibleAsync();

        await visitor.Button("Stop").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await visitor.SeesAsync("ended");
        Assert.Equal("stopped", Assert.Single((await server.Admin.ExperimentsAsync(None)).Items).EndReason);
        await Expect(visitor.Button("Stop")).ToHaveCountAsync(0);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Experiments" }).First.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "two-a-page" })).ToContainTextAsync("stopped");
    }

    [Fact]
    public async Task A_model_is_put_into_the_shadow_made_to_rank_and_taken_back()
    {
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server);
        await visitor.GoAsync("/console/model");
        await visitor.SeesAsync("default");
        var file = visitor.Page.GetByLabel("File");
        await visitor.Button("Put it in").ClickAsync();
        await Expect(file).ToHaveAccessibleDescriptionAsync("Choose a file.");

        await file.SetInputFilesAsync(new FilePayload { Name = "junk.txt", MimeType = "text/plain", Buffer = "tree\nversion=v9\n"u8.ToArray() });
        await visitor.Button("Put it in").ClickAsync();
        await Expect(file).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("'v9' is not known"));

        await file.SetInputFilesAsync(Path.Combine(Tree.Root, "src", "Tidings.Server", "Scoring", "default.onnx"));
        await visitor.Page.GetByLabel("Scores one batch of").FillAsync("3");
        await visitor.Button("Put it in").ClickAsync();
        await visitor.SeesAsync("It scores in the shadow.");
        Assert.Equal(3, (await server.Admin.ModelAsync(None)).Shadow!.Every);
        await visitor.PictureAsync("console-model");

        await file.SetInputFilesAsync(new FilePayload { Name = "posts.ndjson", MimeType = "text/plain", Buffer = "{\"id\":1}\n{\"id\":2}\n"u8.ToArray() });
        // A message stays for as long as the pointer is on it, and goes with the next attempt all the same.
        await visitor.Page.Locator(".toast").HoverAsync();
        await visitor.Page.GetByLabel("Scores one batch of").PressAsync("Enter");
        await Expect(file).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex("neither ONNX, LightGBM's text nor XGBoost's JSON"));
        await Expect(visitor.Page.Locator(".toast")).ToHaveCountAsync(0);
        await visitor.PictureAsync("console-model-wrong");
        await file.SetInputFilesAsync(Path.Combine(Tree.Root, "src", "Tidings.Server", "Scoring", "default.onnx"));
        await visitor.Button("No shadow any more").ClickAsync();
        await visitor.SeesAsync("There is no shadow any more.");
        Assert.Null((await server.Admin.ModelAsync(None)).Shadow);

        await visitor.Page.GetByText("Rank from the next page on").ClickAsync();
        await visitor.Button("Put it in").ClickAsync();
        await visitor.SeesAsync("It ranks from the next page on.");
        Assert.NotNull((await server.Admin.ModelAsync(None)).Previous);
        await visitor.Button("Roll back").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await visitor.SeesAsync("The model before ranks again.");
        Assert.Null((await server.Admin.ModelAsync(None)).Previous);
    }

    private async Task ReadAndLikeAsync(int readers)
    {
        var author = await server.JoinAsync("liked");
        var post = await author.Client.PublishAsync(new PublishRequest("Like this."), null, None);
        for (var i = 0; i < readers; i++)
        {
            var reader = await server.JoinAsync("likes");
            await reader.Client.FollowAsync(author.Id, None);
            await reader.Client.FeedAsync(null, null, null, None);
            await reader.Client.LikeAsync(post.Id, None);
        }
    }
}
