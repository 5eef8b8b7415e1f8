using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

/// <summary>Every view of the console, at a desk and on a phone, light and dark, held against the rules of axe; and a picture of each.</summary>
public sealed class ConsoleAccessibilityTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Addresses, and what is there once the view has loaded.</summary>
    private static readonly (string Path, string Loaded)[] Views =
    [
        ("/console", ".health-well"), ("/console/authors", ".table .who"), ("/console/reader", ".empty"), ("/console/reader/{reader}", ".slot"), ("/console/audit", ".audit-outcome"),
        ("/console/ranking", ".fade"), ("/console/experiments", ".table"), ("/console/experiments/{experiment}", ".interval"), ("/console/model", ".cards"), ("/console/keys", ".table"),
        ("/console/nothing", ".empty"),
    ];

    [Theory]
    [InlineData(Visitor.DeskWidth, ColorScheme.Light)]
    [InlineData(Visitor.DeskWidth, ColorScheme.Dark)]
    [InlineData(Visitor.PhoneWidth, ColorScheme.Light)]
    [InlineData(Visitor.PhoneWidth, ColorScheme.Dark)]
    public async Task Every_view_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        var (reader, experiment) = await PopulateAsync();
        await using var visitor = await Visitor.ComeToConsoleAsync(chromium, server, width, scheme);
        foreach (var (path, loaded) in Views)
        {
            await visitor.GoAsync(path.Replace("{reader}", reader).Replace("{experiment}", experiment));
            await Expect(visitor.Page.Locator(loaded).First).ToBeAttachedAsync();
            await Expect(visitor.Page.Locator(".skeleton")).ToHaveCountAsync(0);
            var mark = path.Trim('/').Replace('/', '-').Replace("{", "").Replace("}", "");
            await visitor.PictureAsync($"{(width == Visitor.PhoneWidth ? "phone" : "desk")}-{scheme.ToString().ToLowerInvariant()}-{mark}");
            await visitor.IsAccessibleAsync();
        }
        await server.Admin.StopExperimentAsync(experiment, None);
    }

    private async Task<(string Reader, string Experiment)> PopulateAsync()
    {
        var (author, reader) = (await server.JoinAsync("pen"), await server.JoinAsync("eyes"));
        await reader.Client.FollowAsync(author.Id, None);
        var experiment = $"half-{reader.Id}";
        await server.Admin.StartExperimentAsync(
            new ExperimentRequest(experiment, [new VariantRequest("control", 0.5f, new RankingRequest()), new VariantRequest("day", 0.5f, new RankingRequest(HalfLifeMinutes: 1_440))]), None);
        for (var i = 0; i < 5; i++)
            await author.Client.PublishAsync(new PublishRequest($"A post of the pen, number {i}."), null, None);
        await server.SettledAsync();
        await reader.Client.FeedAsync(null, null, null, None);
        var audit = await server.Admin.StartAuditAsync(new AuditRequest(Readers: 10), None);
        await RunningServer.UntilAsync(async () => (await server.Admin.AuditAsync(audit.Id, None)).State != "running");
        return (reader.Id, experiment);
    }
}
