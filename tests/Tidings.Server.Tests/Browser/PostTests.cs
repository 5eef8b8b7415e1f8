using Microsoft.Playwright;
using Tidings.Client.Wire;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

public sealed class PostTests(Chromium chromium, RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_post_is_written_read_edited_and_deleted()
    {
        var me = await server.JoinAsync("writer");
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync("/");
        await visitor.Button("Write", exact: true).ClickAsync();
        await visitor.Page.GetByLabel("Text of the post").FillAsync("The first draft, see https://example.org/a for more.");
        await visitor.IsAccessibleAsync();
        await visitor.PictureAsync("compose");
        await visitor.Button("Post", exact: true).ClickAsync();
        var post = visitor.Post("The first draft");
        await Expect(post).ToBeVisibleAsync();
        await Expect(post.GetByRole(AriaRole.Link, new() { Name = "example.org/a" })).ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");

        await MenuAsync(visitor, post, "Edit");
        await visitor.Page.GetByLabel("Text of the post").FillAsync("The second draft.");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Post("The second draft.")).ToContainTextAsync("edited");

        await MenuAsync(visitor, visitor.Post("The second draft."), "Delete");
        await visitor.Button("Delete", exact: true).ClickAsync();
        await Expect(visitor.Post("The second draft.")).ToHaveCountAsync(0);
        await visitor.SeesAsync("Quiet waters");
        Assert.Empty((await me.Client.PostsOfAsync(me.Id, null, null, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task What_was_begun_is_still_there_when_the_dialog_is_opened_again()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, server, await server.JoinAsync("drafter"));
        await visitor.GoAsync("/");
        await visitor.Page.Keyboard.PressAsync("n");
        await visitor.Page.GetByLabel("Text of the post").FillAsync("Half a thou");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await visitor.Page.Keyboard.PressAsync("n");
        await Expect(visitor.Page.GetByLabel("Text of the post")).ToHaveValueAsync("Half a thou");
    }

    [Fact]
    public async Task What_was_begun_is_its_writers_alone()
    {
        var (one, other) = (await server.JoinAsync("left"), await server.JoinAsync("came"));
        await using var visitor = await Visitor.ComeAsync(chromium, server, one);
        await visitor.GoAsync("/settings");
        await visitor.Page.Keyboard.PressAsync("n");
        await visitor.Page.GetByLabel("Text of the post").FillAsync("Not for your eyes");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Button("Sign out").ClickAsync();
        await visitor.SeesAsync("You have signed out");
        await visitor.SignInAsync(other);
        await visitor.GoAsync("/settings");
        await Expect(visitor.Heading("Settings")).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("n");
        await Expect(visitor.Page.GetByLabel("Text of the post")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task An_edit_that_is_quicker_than_the_lists_makes_nothing_public()
    {
        var me = await server.JoinAsync("quick");
        var list = await me.Client.AddAudienceAsync("Few", CancellationToken.None);
        var post = await me.Client.PublishAsync(new PublishRequest("For few.", Audience: Audience.Custom, AudienceList: list.Id), null, CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.Page.RouteAsync("**/v1/me/audiences", route => route.AbortAsync());
        await visitor.GoAsync($"/posts/{post.Id}");
        await MenuAsync(visitor, visitor.Posts.First, "Edit");
        await visitor.Page.GetByLabel("Text of the post").FillAsync("Still for few.");
        await visitor.Button("Save").ClickAsync();
        await visitor.SeesAsync("Saved.");
        var now = await me.Client.PostAsync(post.Id, CancellationToken.None);
        Assert.Equal(("Still for few.", Audience.Custom, list.Id), (now.Text, now.Audience, now.AudienceList));
    }

    [Fact]
    public async Task A_post_for_a_list_carries_its_mark_and_is_for_those_on_it()
    {
        var me = await server.JoinAsync("lister");
        var on = await server.JoinAsync("on_list");
        var off = await server.JoinAsync("off_list");
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        await visitor.GoAsync("/audiences");
        await visitor.Page.GetByLabel("Name of a new list").FillAsync("Chess club");
        await visitor.Button("Add", exact: true).ClickAsync();
        await Expect(visitor.Heading("Chess club")).ToBeVisibleAsync();
        var find = visitor.Page.GetByRole(AriaRole.Search, new() { Name = "Find someone for the list" });
        await find.GetByRole(AriaRole.Searchbox).FillAsync(on.Handle);
        await find.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await visitor.Button("Put on the list").ClickAsync();
        await Expect(visitor.Button("Take off")).ToBeVisibleAsync();

        await visitor.Page.Keyboard.PressAsync("n");
        await visitor.Page.GetByLabel("Text of the post").FillAsync("Knight to f3.");
        await visitor.Page.GetByLabel("Who can see it").SelectOptionAsync(new SelectOptionValue { Label = "Chess club" });
        await visitor.Button("Post", exact: true).ClickAsync();
        await visitor.SeesAsync("Posted.");
        var id = (await me.Client.PostsOfAsync(me.Id, null, null, CancellationToken.None)).Items.Single().Id;
        Assert.Equal(200, await on.Client.StatusAsync("GET", $"/v1/posts/{id}"));
        Assert.Equal(404, await off.Client.StatusAsync("GET", $"/v1/posts/{id}"));
        await visitor.GoAsync($"/posts/{id}");
        await Expect(visitor.Page.GetByLabel("People on a list can see this")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Likes_comments_and_shares_show_at_once_and_are_kept()
    {
        var (reader, id) = await ReaderOfOneAsync("marks");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        var post = visitor.Posts.First;
        await post.GetByRole(AriaRole.Button, new() { Name = "Like" }).ClickAsync();
        await Expect(post.GetByRole(AriaRole.Button, new() { Name = "Take the like back" })).ToHaveAttributeAsync("aria-pressed", "true");
        await post.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        await Expect(post.GetByRole(AriaRole.Button, new() { Name = "Take the share back" })).ToBeVisibleAsync();
        await post.GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
        await post.GetByLabel("Write a comment").FillAsync("Well said, @somebody.");
        await post.GetByLabel("Write a comment").PressAsync("Control+Enter");
        await Expect(post.Locator(".comment:not(.comment-ahead)")).ToContainTextAsync("Well said");
        await visitor.IsAccessibleAsync();
        await visitor.PictureAsync("comments");

        await visitor.Page.ReloadAsync();
        await Expect(visitor.Posts.First.GetByRole(AriaRole.Button, new() { Name = "Take the like back" })).ToBeVisibleAsync();
        var kept = await reader.Client.PostAsync(id, CancellationToken.None);
        Assert.Equal(new PostCountsView(1, 1, 1), kept.Counts);
    }

    [Fact]
    public async Task A_comment_whose_answer_was_lost_can_be_changed_and_sent_again()
    {
        var (reader, id) = await ReaderOfOneAsync("lost");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.Page.RouteAsync("**/comments", async route =>
        {
            if (route.Request.Method == "POST")
            {
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await visitor.GoAsync($"/posts/{id}");
        var text = visitor.Page.GetByLabel("Write a comment");
        await text.FillAsync("First.");
        await text.PressAsync("Control+Enter");
        await visitor.SeesAsync("Your comment was not sent");
        await visitor.Page.UnrouteAllAsync();
        await text.FillAsync("Second.");
        await text.PressAsync("Control+Enter");
        await Expect(visitor.Page.Locator(".comment:not(.comment-ahead)", new() { HasText = "Second." })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_others_say_meanwhile_is_a_click_away()
    {
        var (reader, id) = await ReaderOfOneAsync("talk");
        var other = await server.JoinAsync("talker");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync($"/posts/{id}");
        await greeted;
        await visitor.WatchesAsync();
        await Expect(visitor.Page.Locator(".comments-foot")).Not.ToContainTextAsync("Loading");
        await other.Client.CommentAsync(id, "Meanwhile.", null, CancellationToken.None);
        await visitor.Button("Show new comments").ClickAsync();
        await Expect(visitor.Page.Locator(".comment")).ToContainTextAsync("Meanwhile.");
        await Expect(visitor.Button("Show new comments")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_post_that_goes_while_it_stands_alone_says_so()
    {
        var me = await server.JoinAsync("fleeting");
        var post = await me.Client.PublishAsync(new PublishRequest("Soon gone."), null, CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, me);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync($"/posts/{post.Id}");
        await Expect(visitor.Posts).ToHaveCountAsync(1);
        await greeted;
        await visitor.WatchesAsync();
        await me.Client.DeletePostAsync(post.Id, CancellationToken.None);
        await visitor.SeesAsync("The post was deleted");
    }

    [Fact]
    public async Task A_like_that_the_server_refuses_is_taken_back_with_a_word()
    {
        var (reader, _) = await ReaderOfOneAsync("refused");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await visitor.Page.RouteAsync("**/like", route => route.FulfillAsync(new()
        {
            Status = 507, ContentType = "application/problem+json", Body = """{"code":"storage_full","detail":"The disk is full: nothing was changed."}""",
        }));
        await visitor.Posts.First.GetByRole(AriaRole.Button, new() { Name = "Like" }).ClickAsync();
        await visitor.SeesAsync("The disk is full");
        await Expect(visitor.Posts.First.Locator(".action-like")).ToHaveAttributeAsync("aria-pressed", "false");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_hidden_post_folds_and_can_be_brought_back()
    {
        var (reader, id) = await ReaderOfOneAsync("hider");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await MenuAsync(visitor, visitor.Posts.First, "Hide this post");
        await visitor.SeesAsync("is hidden.");
        await visitor.Button("Undo").ClickAsync();
        await Expect(visitor.Post("Something to react to")).ToBeVisibleAsync();

        await MenuAsync(visitor, visitor.Posts.First, "Hide this post");
        await visitor.SeesAsync("is hidden.");
        await visitor.Page.ReloadAsync();
        await visitor.SeesAsync("Quiet waters");
        Assert.Equal(200, await reader.Client.StatusAsync("GET", $"/v1/posts/{id}"));
    }

    [Fact]
    public async Task A_block_takes_the_person_off_the_page_and_out_of_reach()
    {
        var (reader, id) = await ReaderOfOneAsync("blocker");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await MenuAsync(visitor, visitor.Posts.First, "Block @");
        await visitor.Button("Block", exact: true).ClickAsync();
        await Expect(visitor.Page.Locator($"post-card[data-post='{id}']")).ToHaveCountAsync(0);
        Assert.Equal(404, await reader.Client.StatusAsync("GET", $"/v1/posts/{id}"));
        await visitor.GoAsync("/people/blocks");
        await Expect(visitor.Button("Unblock")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Why_a_post_stands_where_it_stands_is_told_by_the_servers_own_figures()
    {
        var (reader, id) = await ReaderOfOneAsync("curious");
        await reader.Client.LikeAsync(id, CancellationToken.None);
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await visitor.Posts.First.GetByRole(AriaRole.Button, new() { Name = "Why this post" }).ClickAsync();
        var why = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Why this post" });
        await Expect(why).ToContainTextAsync("Number 1 in your feed");
        var terms = (await reader.Client.WhyAsync(id, CancellationToken.None)).Terms;
        await Expect(why.Locator(".bars").First.Locator(".bar-row")).ToHaveCountAsync(terms.Count);
        await why.GetByText("Everything that was looked at").ClickAsync();
        await Expect(why.GetByRole(AriaRole.Rowheader, new() { Name = "Author affinity" })).ToBeVisibleAsync();
        await visitor.PictureAsync("why");
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(why).ToHaveCountAsync(0);
        await Expect(visitor.Posts.First.Locator(".action-why")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_post_that_was_seen_meanwhile_is_told_to_have_gone_down_for_that()
    {
        var reader = await server.JoinAsync("looker");
        for (var i = 0; i < 11; i++)
        {
            var author = await server.JoinAsync("twice");
            await reader.Client.FollowAsync(author.Id, CancellationToken.None);
            await author.Client.PublishAsync(new PublishRequest("One of two."), null, CancellationToken.None);
            await author.Client.PublishAsync(new PublishRequest("The other."), null, CancellationToken.None);
        }
        await server.SettledAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await Expect(visitor.Posts.Nth(1)).ToBeVisibleAsync();
        var second = await visitor.Posts.Nth(1).GetAttributeAsync("data-post");
        await reader.Client.ReportImpressionsAsync(new ImpressionsRequest([new ImpressionItem(second!, 2_000)]), CancellationToken.None);
        await visitor.Posts.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Why this post" }).ClickAsync();
        var why = visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Why this post" });
        await Expect(why).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"It is now number \d+ in your feed, since you have seen it: what you haven’t seen stands before it\."));
        await visitor.PictureAsync("why-seen");
    }

    [Fact]
    public async Task Nothing_floats_over_the_last_post_of_a_list_on_a_phone()
    {
        var me = await server.JoinAsync("phoned");
        for (var i = 0; i < 6; i++)
            await me.Client.PublishAsync(new PublishRequest("A post that is one of several."), null, CancellationToken.None);
        await server.SettledAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, me, Visitor.PhoneWidth);
        foreach (var path in new[] { "/latest", $"/@{me.Handle}" })
        {
            await visitor.GoAsync(path);
            await Expect(visitor.Posts).ToHaveCountAsync(6);
            await visitor.Page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
            await visitor.PictureAsync($"phone-end{(path == "/latest" ? "-feed" : "-profile")}");
            await visitor.IsClearAsync(visitor.Posts.Last.Locator(".action-why"));
            await visitor.IsClearAsync(visitor.Posts.Last);
        }
    }

    [Fact]
    public async Task Counters_that_move_behind_a_dialog_leave_the_way_back_to_the_button()
    {
        var (reader, id) = await ReaderOfOneAsync("moving");
        var other = await server.JoinAsync("liker");
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        var greeted = visitor.ListensAsync();
        await visitor.GoAsync("/");
        await Expect(visitor.Posts).ToHaveCountAsync(1);
        await greeted;
        await visitor.WatchesAsync();
        await visitor.Button("Why this post").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Number 1");
        await other.Client.LikeAsync(id, CancellationToken.None);
        await Expect(visitor.Posts.First.Locator(".action-like")).ToContainTextAsync("1");
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Posts.First.Locator(".action-why")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Texts_that_look_like_markup_stay_texts()
    {
        var reader = await server.JoinAsync("careful");
        await reader.Client.PublishAsync(new PublishRequest("<img src=x onerror=alert(1)> & <b>bold</b> javascript:alert(1)"), null, CancellationToken.None);
        await server.SettledAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, server, reader);
        await visitor.GoAsync("/");
        await Expect(visitor.Posts.First).ToContainTextAsync("<img src=x onerror=alert(1)> & <b>bold</b>");
        await Expect(visitor.Posts.First.Locator("img, b")).ToHaveCountAsync(0);
    }

    private static async Task MenuAsync(Visitor visitor, ILocator post, string entry)
    {
        await post.GetByRole(AriaRole.Button, new() { Name = "More about the post" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Menuitem, new() { Name = entry }).ClickAsync();
    }

    private async Task<(Someone Reader, string Post)> ReaderOfOneAsync(string mark)
    {
        var reader = await server.JoinAsync($"{mark}_r");
        var author = await server.JoinAsync($"{mark}_a");
        await reader.Client.FollowAsync(author.Id, CancellationToken.None);
        var post = await author.Client.PublishAsync(new PublishRequest("Something to react to."), null, CancellationToken.None);
        await server.SettledAsync();
        return (reader, post.Id);
    }
}
