using Microsoft.Playwright;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class FeedTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    private const int PageLength = 20;

    [Fact]
    public async Task A_feed_fills_when_one_follows_and_the_latest_come_first_where_asked()
    {
        var (reader, author) = await PairAsync("a", posts: 3, follows: false);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await visitor.SeesAsync("Quiet waters");
        await visitor.GoAsync("/people");
        var find = visitor.Page.GetByRole(AriaRole.Search, new() { Name = "Find people by handle" });
        await find.GetByRole(AriaRole.Searchbox).FillAsync($"@{author.Handle}");
        await find.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await find.GetByRole(AriaRole.Button, new() { Name = "Follow" }).ClickAsync();
        await Expect(find.GetByRole(AriaRole.Button, new() { Name = "Following" })).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Feed", Exact = true }).ClickAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(3);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Latest" }).ClickAsync();
        await Expect(visitor.Posts.First).ToContainTextAsync("Post 2 of");
        await Expect(visitor.Page).ToHaveTitleAsync("Latest · Tidings");
    }

    [Fact]
    public async Task Who_follows_nobody_yet_is_shown_what_is_popular()
    {
        // A server of its own: on another, others may be liked more.
        await using var own = new RunningServer();
        await own.InitializeAsync();
        var (reader, author) = (await own.JoinAsync("alone"), await own.JoinAsync("popular"));
        var liked = await author.Client.PublishAsync(new PublishRequest("Everybody likes this."), null, CancellationToken.None);
        await author.Client.PublishAsync(new PublishRequest("Nobody likes this."), null, CancellationToken.None);
        await reader.Client.LikeAsync(liked.Id, CancellationToken.None);
        await RunningServer.UntilAsync(() => own.Get<PopularPosts>().Kept is [var first, _] && first.ToString() == liked.Id);
        await using var visitor = await Visitor.ComeAsync(chromium, own, reader);
        await visitor.GoAsync("/");
        await visitor.SeesAsync("Quiet waters");
        var popular = visitor.Page.GetByRole(AriaRole.Feed, new() { Name = "Popular now" });
        await Expect(popular.Locator("post-card")).ToContainTextAsync(["Everybody likes this.", "Nobody likes this."]);
        await visitor.PictureAsync("popular");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task Scrolling_down_shows_every_post_once_and_moves_none_that_is_shown()
    {
        var (reader, _) = await PairAsync("b", posts: 55);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts.First).ToBeVisibleAsync();
        for (var shown = await visitor.Posts.CountAsync(); shown < 55; shown = await visitor.Posts.CountAsync())
        {
            // Where a post of the screen stands before the next page comes is where it stands after.
            var steady = await visitor.Page.EvaluateAsync<bool>(
                """
                async () => {
                  const cards = () => [...document.querySelectorAll('post-card')], before = cards().length;
                  const watched = cards().find(card => card.getBoundingClientRect().top > 0), top = watched.offsetTop;
                  scrollTo(0, document.documentElement.scrollHeight);
                  while (cards().length === before) await new Promise(requestAnimationFrame);
                  await new Promise(requestAnimationFrame);
                  return watched.offsetTop === top;
                }
                """);
            Assert.True(steady);
        }

        var ids = await visitor.Posts.EvaluateAllAsync<string[]>("cards => cards.map(card => card.dataset.post)");
        Assert.Equal(55, ids.Distinct().Count());
        await visitor.SeesAsync("All the way down");
    }

    [Fact]
    public async Task Going_back_leads_to_the_same_post_at_the_same_place()
    {
        var (reader, _) = await PairAsync("c", posts: 45);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/latest");
        await visitor.Posts.Nth(PageLength - 1).ScrollIntoViewIfNeededAsync();
        await visitor.Posts.Nth(PageLength + 5).ScrollIntoViewIfNeededAsync();
        var post = visitor.Posts.Nth(PageLength + 5);
        var id = await post.GetAttributeAsync("data-post");
        var scrolled = await visitor.Page.EvaluateAsync<int>("() => Math.round(scrollY)");
        await post.Locator(".post-when a").ClickAsync();
        await Expect(visitor.Page.Locator(".post-whole")).ToBeVisibleAsync();
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Page.Locator($"post-card[data-post='{id}']")).ToBeInViewportAsync();
        Assert.Equal(scrolled, await visitor.Page.EvaluateAsync<int>("() => Math.round(scrollY)"));
    }

    [Fact]
    public async Task New_posts_wait_behind_a_pill_until_they_are_asked_for()
    {
        var (reader, author) = await PairAsync("d", posts: 30);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts.First).ToContainTextAsync("Post 29 of");
        await greeted;
        await visitor.Posts.Nth(PageLength - 1).ScrollIntoViewIfNeededAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(30);
        await visitor.Page.EvaluateAsync("() => scrollTo(0, 900)");
        var before = await TopsAsync(visitor);

        await author.Client.PublishAsync(new PublishRequest("Breaking: one."), null, CancellationToken.None);
        await author.Client.PublishAsync(new PublishRequest("Breaking: two."), null, CancellationToken.None);
        await server.SettledAsync();
        await Expect(visitor.Button("2 new posts")).ToBeVisibleAsync();
        Assert.Equal(before, await TopsAsync(visitor));
        await visitor.PictureAsync("pill");
        await visitor.IsAccessibleAsync();

        await visitor.Page.Keyboard.PressAsync(".");
        await Expect(visitor.Posts.First).ToContainTextAsync("Breaking: two.");
        await Expect(visitor.Button("new posts")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task New_posts_are_found_also_where_no_live_connection_gets_through()
    {
        var (reader, author) = await PairAsync("f", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.Page.RouteAsync("**/v1/live/tickets", route => route.AbortAsync());
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await author.Client.PublishAsync(new PublishRequest("Found by asking."), null, CancellationToken.None);
        await server.SettledAsync();
        await Expect(visitor.Button("1 new post")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task New_posts_let_in_while_older_ones_are_on_their_way_stand_once_each()
    {
        var (reader, author) = await PairAsync("i", posts: 30);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var (isAsked, isLetGo) = (new TaskCompletionSource(), new TaskCompletionSource());
        await visitor.Page.RouteAsync("**/v1/feed?*cursor=*", async route =>
        {
            isAsked.TrySetResult();
            await isLetGo.Task;
            await route.ContinueAsync();
        });
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts.First).ToContainTextAsync("Post 29 of");
        await greeted;
        await visitor.Page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        await isAsked.Task;
        await author.Client.PublishAsync(new PublishRequest("Breaking."), null, CancellationToken.None);
        await visitor.Button("1 new post").ClickAsync();
        await Expect(visitor.Posts.First).ToContainTextAsync("Breaking.");

        isLetGo.SetResult();
        await visitor.Page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        await visitor.SeesAsync("All the way down");
        var ids = await visitor.Posts.EvaluateAllAsync<string[]>("cards => cards.map(card => card.dataset.post)");
        Assert.Equal(31, ids.Length);
        Assert.Equal(31, ids.Distinct().Count());
    }

    [Fact]
    public async Task What_stands_further_down_a_ranked_feed_is_not_new()
    {
        // A server of its own: what is liked so much would be popular with everybody. It ranks by the first pass, which puts likes before seconds.
        await using var own = new RunningServer(TimeProvider.System, o => o with { Model = "none" });
        await own.InitializeAsync();
        var (reader, author) = (await own.JoinAsync("reader"), await own.JoinAsync("author"));
        await reader.Client.FollowAsync(author.Id, CancellationToken.None);
        var others = await Task.WhenAll(Enumerable.Range(0, 15).Select(i => own.JoinAsync($"liked_{i}")));
        foreach (var other in others)
        {
            await reader.Client.FollowAsync(other.Id, CancellationToken.None);
            for (var i = 0; i < 2; i++)
            {
                var post = await other.Client.PublishAsync(new PublishRequest("Liked by many."), null, CancellationToken.None);
                foreach (var fan in others)
                    await fan.Client.LikeAsync(post.Id, CancellationToken.None);
            }
        }
        await author.Client.PublishAsync(new PublishRequest("The newest, and liked by nobody."), null, CancellationToken.None);
        await own.SettledAsync();
        var first = await reader.Client.FeedAsync(null, PageLength, null, CancellationToken.None);
        Assert.DoesNotContain(first.Items, post => post.Text.StartsWith("The newest", StringComparison.Ordinal));

        await using var visitor = await Visitor.ComeAsync(chromium, own, reader);
        await visitor.GoAsync("/");
        await Expect(visitor.Posts).ToHaveCountAsync(PageLength);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Expect(visitor.Heading("Settings")).ToBeVisibleAsync();
        await visitor.Page.RunAndWaitForResponseAsync(() => visitor.Page.GoBackAsync(), "**/v1/feed?order=latest*");
        await Expect(visitor.Posts.First).ToBeVisibleAsync();
        await author.Client.PublishAsync(new PublishRequest("Truly new."), null, CancellationToken.None);
        await Expect(visitor.Button("1 new post")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_went_while_one_was_elsewhere_is_not_there_on_return()
    {
        var (reader, author) = await PairAsync("k", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var greeted = visitor.ListensAsync();
        var gone = visitor.HearsAsync("\"gone\"");
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await greeted;
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Expect(visitor.Heading("Settings")).ToBeVisibleAsync();
        var newest = (await author.Client.PostsOfAsync(author.Id, null, null, CancellationToken.None)).Items[0];
        await author.Client.DeletePostAsync(newest.Id, CancellationToken.None);
        await gone;
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(1);
        await Expect(visitor.Posts.First).ToContainTextAsync("Post 0 of");
    }

    [Fact]
    public async Task What_came_while_one_was_elsewhere_waits_behind_the_pill_too()
    {
        var (reader, author) = await PairAsync("h", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await author.Client.PublishAsync(new PublishRequest("Meanwhile."), null, CancellationToken.None);
        await server.SettledAsync();
        await visitor.Page.GoBackAsync();
        await visitor.Button("1 new post").ClickAsync();
        await Expect(visitor.Posts.First).ToContainTextAsync("Meanwhile.");
    }

    [Fact]
    public async Task What_happens_to_a_post_is_seen_without_reloading()
    {
        var (reader, author) = await PairAsync("g", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/latest");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await greeted;
        await visitor.WatchesAsync();
        var posts = (await author.Client.PostsOfAsync(author.Id, null, null, CancellationToken.None)).Items;
        await author.Client.LikeAsync(posts[0].Id, CancellationToken.None);
        await Expect(visitor.Posts.First.Locator(".action-like")).ToContainTextAsync("1");
        await author.Client.EditPostAsync(posts[0].Id, new EditPostRequest("Another text."), null, CancellationToken.None);
        await Expect(visitor.Posts.First).ToContainTextAsync("Another text.");
        await author.Client.DeletePostAsync(posts[1].Id, CancellationToken.None);
        await Expect(visitor.Posts).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_to_be_and_the_page_goes_on_when_it_is_back()
    {
        var (reader, _) = await PairAsync("e", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/settings");
        await visitor.Page.RouteAsync("**/v1/feed**", route => route.AbortAsync());
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Feed", Exact = true }).ClickAsync();
        await visitor.SeesAsync("That didn’t load");
        await visitor.SeesAsync("No connection to the server");
        await visitor.PictureAsync("offline");
        await visitor.IsAccessibleAsync();
        await visitor.Page.UnrouteAllAsync();
        await visitor.Button("Try again").ClickAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await Expect(visitor.Page.GetByText("No connection to the server")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_given_up()
    {
        var (reader, _) = await PairAsync("l", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.Page.Clock.InstallAsync();
        var isAsked = new TaskCompletionSource();
        await visitor.Page.RouteAsync("**/v1/feed**", _ => { isAsked.TrySetResult(); return Task.CompletedTask; });
        await visitor.GoAsync("/latest");
        await isAsked.Task;
        await visitor.Page.Clock.FastForwardAsync(31_000);
        await visitor.SeesAsync("That didn’t load");
        await visitor.Page.UnrouteAllAsync();
        await visitor.Button("Try again").ClickAsync();
        await Expect(visitor.Posts).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_page_that_began_without_a_server_knows_its_reader_when_it_is_back()
    {
        var (reader, author) = await PairAsync("m", posts: 1);
        var post = (await author.Client.PostsOfAsync(author.Id, null, null, CancellationToken.None)).Items.Single();
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.Page.RouteAsync("**/v1/**", route => route.AbortAsync());
        await visitor.GoAsync($"/posts/{post.Id}");
        await visitor.SeesAsync("That didn’t load");
        await visitor.Page.UnrouteAllAsync();
        await visitor.Button("Try again").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "You" })).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Write a comment").FillAsync("I am back.");
        await visitor.Page.GetByLabel("Write a comment").PressAsync("Control+Enter");
        await Expect(visitor.Page.Locator(".comment:not(.comment-ahead)")).ToContainTextAsync("I am back.");
    }

    /// <summary>The page's clock is the test's: a minute behind another tab is over at once.</summary>
    [Fact]
    public async Task Nobody_has_seen_what_stands_behind_another_tab()
    {
        var (reader, _) = await PairAsync("n", posts: 2);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.AddInitScriptAsync("Object.defineProperty(document, 'hidden', { get: () => window.isBehind ?? true })");
        await visitor.GoAsync("/");
        await Expect(visitor.Posts).ToHaveCountAsync(2);
        await visitor.Page.Clock.RunForAsync(60_000);
        await visitor.Page.EvaluateAsync("() => { window.isBehind = false; document.dispatchEvent(new Event('visibilitychange')); }");
        var told = await visitor.Page.RunAndWaitForRequestAsync(() => visitor.Page.Clock.RunForAsync(10_000), "**/v1/feed/impressions");
        foreach (var item in told.PostDataJSON()!.Value.GetProperty("items").EnumerateArray())
            Assert.InRange(item.GetProperty("dwell_ms").GetInt32(), 1_000, 10_000);
    }

    private static Task<double[]> TopsAsync(Visitor visitor) =>
        visitor.Posts.EvaluateAllAsync<double[]>("cards => cards.map(card => card.getBoundingClientRect().top)");

    private async Task<(Someone Reader, Someone Author)> PairAsync(string mark, int posts, bool follows = true)
    {
        var reader = await server.JoinAsync($"reader_{mark}");
        var author = await server.JoinAsync($"author_{mark}");
        if (follows)
            await reader.Client.FollowAsync(author.Id, CancellationToken.None);
        for (var i = 0; i < posts; i++)
            await author.Client.PublishAsync(new PublishRequest($"Post {i} of {author.Name}, long enough to look like one."), null, CancellationToken.None);
        await server.SettledAsync();
        return (reader, author);
    }
}
