using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

/// <summary>Every page, at a desk and on a phone, light and dark, held against the rules of axe; and a picture of each.</summary>
public sealed class AccessibilityTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    /// <summary>Addresses, and what is there once the page has loaded.</summary>
    private static readonly (string Path, string Loaded)[] Pages =
    [
        ("/", "post-card"), ("/latest", "post-card"), ("/@{me}", "post-card"), ("/@{other}", "post-card"), ("/@{me}/followers", ".person-row"),
        ("/posts/{post}", ".comment"), ("/people", ".suggestions"), ("/people/requests", ".main .person-row"), ("/people/close-friends", ".empty"), ("/people/mutes", ".empty"),
        ("/people/blocks", ".empty"), ("/audiences", ".list-rows"), ("/audiences/{list}", ".main .person-row"), ("/settings", ".keys"),
        ("/@nobody_of_this_name", ".empty"),
    ];

    [Theory]
    [InlineData(Visitor.DeskWidth, ColorScheme.Light)]
    [InlineData(Visitor.DeskWidth, ColorScheme.Dark)]
    [InlineData(Visitor.PhoneWidth, ColorScheme.Light)]
    [InlineData(Visitor.PhoneWidth, ColorScheme.Dark)]
    public async Task Every_page_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        var names = await PopulateAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, names.Me, width, scheme);
        foreach (var (path, loaded) in Pages)
        {
            await visitor.GoAsync(names.Fill(path));
            await Expect(visitor.Page.Locator(loaded).First).ToBeAttachedAsync();
            await Expect(visitor.Page.Locator(".main .skeleton")).ToHaveCountAsync(0);
            var mark = path == "/" ? "feed" : path.Trim('/').Replace('/', '-').Replace("{", "").Replace("}", "");
            await visitor.PictureAsync($"{(width == Visitor.PhoneWidth ? "phone" : "desk")}-{scheme.ToString().ToLowerInvariant()}-{mark}");
            await visitor.IsAccessibleAsync();
        }
    }

    [Theory]
    [InlineData(Visitor.DeskWidth, ColorScheme.Light)]
    [InlineData(Visitor.PhoneWidth, ColorScheme.Dark)]
    public async Task The_doors_are_accessible_and_fit(int width, ColorScheme scheme)
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, null, width, scheme);
        foreach (var (path, title) in new[] { ("/sign-in", "Sign in"), ("/join", "Join") })
        {
            await visitor.GoAsync(path);
            await Expect(visitor.Heading(title)).ToBeVisibleAsync();
            await visitor.PictureAsync($"{(width == Visitor.PhoneWidth ? "phone" : "desk")}-{scheme.ToString().ToLowerInvariant()}{path.Replace('/', '-')}");
            await visitor.IsAccessibleAsync();
        }
    }

    [Fact]
    public async Task Dark_can_be_chosen_and_stays_chosen()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, await server.JoinAsync("night"));
        await visitor.GoAsync("/");
        var light = await GroundAsync(visitor);
        await visitor.Button("Dark colours").ClickAsync();
        await Expect(visitor.Button("Light colours")).ToBeVisibleAsync();
        var dark = await GroundAsync(visitor);
        Assert.NotEqual(light, dark);
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Button("Light colours")).ToBeVisibleAsync();
        Assert.Equal(dark, await GroundAsync(visitor));
    }

    private static Task<string> GroundAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    private async Task<Names> PopulateAsync()
    {
        var ct = CancellationToken.None;
        var me = await server.JoinAsync("me");
        var other = await server.JoinAsync("other");
        var third = await server.JoinAsync("third");
        await me.Client.FollowAsync(other.Id, ct);
        await other.Client.FollowAsync(me.Id, ct);
        await other.Client.FollowAsync(third.Id, ct);
        await third.Client.BefriendAsync(me.Id, ct);
        var list = await me.Client.AddAudienceAsync("Neighbours", ct);
        await me.Client.AddAudienceMemberAsync(list.Id, other.Id, ct);
        await other.Client.PublishAsync(new PublishRequest("A plain text, and a @handle in it."), null, ct);
        await other.Client.PublishAsync(new PublishRequest("Worth reading: https://example.org/an/article?of=note", PostType.Link), null, ct);
        await other.Client.PublishAsync(new PublishRequest("Five pictures.", PostType.Image, ["beach", "hill", "lake", "road", "barn"]), null, ct);
        await other.Client.PublishAsync(new PublishRequest("", PostType.Video, ["a-film"]), null, ct);
        await me.Client.PublishAsync(new PublishRequest("For some of you.", Audience: Audience.Custom, AudienceList: list.Id), null, ct);
        var post = await other.Client.PublishAsync(new PublishRequest(string.Join(' ', Enumerable.Repeat("A long one that folds.", 60))), null, ct);
        await me.Client.CommentAsync(post.Id, "A comment.", null, ct);
        await me.Client.LikeAsync(post.Id, ct);
        await server.SettledAsync();
        return new Names(me, other.Handle, post.Id, list.Id);
    }

    private sealed record Names(Someone Me, string Other, string Post, string List)
    {
        public string Fill(string path) =>
            path.Replace("{me}", Me.Handle).Replace("{other}", Other).Replace("{post}", Post).Replace("{list}", List);
    }
}
