using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

/// <summary>What people write when nobody makes them write well: names without end, texts of one letter a line, every script there is.</summary>
public sealed class UnrulyTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(Visitor.PhoneWidth)]
    [InlineData(Visitor.DeskWidth)]
    public async Task Names_and_texts_without_end_stay_within_the_page(int width)
    {
        var me = await server.JoinAsync("long");
        var other = await server.JoinAsync("other");
        var name = string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausen", 4))[..80];
        foreach (var one in new[] { me, other })
            await one.Client.EditMeAsync(new EditProfileRequest(name, new string('B', 300)), Ct);
        await me.Client.AddAudienceAsync("A list whose name goes on and on, until the very limit of eighty characters.", Ct);
        await other.Client.BefriendAsync(me.Id, Ct);
        await other.Client.FollowAsync(me.Id, Ct);
        var post = await me.Client.PublishAsync(
            new PublishRequest($"{new string('W', 300)} https://example.org/{string.Concat(Enumerable.Repeat("a-long-way/", 60))}"), null, Ct);
        await other.Client.CommentAsync(post.Id, new string('Q', 400), null, Ct);
        await other.Client.LikeAsync(post.Id, Ct);
        await me.Client.PublishAsync(new PublishRequest("", PostType.Image, [new string('m', 100)]), null, Ct);
        await server.SettledAsync();

        await using var visitor = await Visitor.ComeAsync(chromium, server, me, width);
        foreach (var (path, loaded) in new[]
        {
            ("/latest", "post-card"), ($"/@{me.Handle}", "post-card"), ($"/posts/{post.Id}", ".comment"), ("/people/requests", ".main .person-row"),
            ("/audiences", ".list-rows"), ("/notifications", ".note"), ($"/@{me.Handle}/followers", ".main .person-row"),
        })
        {
            await visitor.GoAsync(path);
            await Expect(visitor.Page.Locator(loaded).First).ToBeVisibleAsync();
            await visitor.FitsAsync();
        }

        await visitor.Page.Keyboard.PressAsync("n");
        await Expect(visitor.Page.Locator("option", new() { HasText = "A list whose name" })).ToBeAttachedAsync();
        await visitor.PictureAsync($"{(width == Visitor.PhoneWidth ? "phone" : "desk")}-long-list");
        await visitor.FitsAsync();
        await Expect(visitor.Button("Post", exact: true)).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task A_text_of_many_lines_is_folded_like_a_long_one()
    {
        var me = await server.JoinAsync("poet");
        await me.Client.PublishAsync(new PublishRequest($"first{string.Concat(Enumerable.Repeat("\nx", 40))}\nlast"), null, Ct);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts.First).ToContainTextAsync("first");
        await Expect(visitor.Posts.First).Not.ToContainTextAsync("last");
        await visitor.Button("Read on").ClickAsync();
        await Expect(visitor.Posts.First).ToContainTextAsync("last");
    }

    [Fact]
    public async Task A_text_is_cut_between_characters_and_runs_the_way_of_its_script()
    {
        var me = await server.JoinAsync("scribe");
        await me.Client.PublishAsync(new PublishRequest($"a{string.Concat(Enumerable.Repeat("😀", 400))}"), null, Ct);
        await me.Client.PublishAsync(new PublishRequest("שלום עולם (hello) 123."), null, Ct);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        foreach (var whole in new[] { "card => card.querySelector('.post-text').textContent.isWellFormed()", "card => card.getAttribute('aria-label').isWellFormed()" })
            Assert.True(await visitor.Posts.Nth(1).EvaluateAsync<bool>(whole));
        Assert.True(await visitor.Posts.First.EvaluateAsync<bool>(
            """
            card => {
              const text = card.querySelector('.post-text'), range = document.createRange();
              range.selectNodeContents(text);
              return text.getBoundingClientRect().right - range.getBoundingClientRect().right < 10;
            }
            """), "it begins at the right");
    }
}
