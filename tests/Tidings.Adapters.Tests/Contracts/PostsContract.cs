using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class PostsContract : Contract
{
    [Fact]
    public async Task A_post_comes_back_as_it_was_published()
    {
        var ada = await JoinAsync();
        var body = new PostBody("Grüße 🌍", ["m1", "m2"]);

        var published = (await Ports.Posts.PublishAsync(new NewPost(ada, PostType.Image, Audience.Friends, default, body), null, Ct)).Value;

        Assert.False(published.Replayed);
        Assert.Equal(NowUnixMs, published.Id.UnixMs);
        var expected = new PostHeader(published.Id, ada, PostType.Image, Audience.Friends, default, false, 1, 0, default);
        Assert.Equal(expected, await HeaderAsync(published.Id));
        var stored = await BodyAsync(published.Id);
        Assert.Equal((body.Text, 1), (stored!.Text, stored.Version));
        Assert.Equal(body.MediaIds, stored.MediaIds);
    }

    [Fact]
    public async Task What_was_never_published_is_not_there()
    {
        var post = await PublishAsync(await JoinAsync());
        foreach (var id in new[] { PostId.None, PostId.Last, new PostId(post.Value + 1), new PostId(-1) })
        {
            Assert.Equal(0, (await HeaderAsync(id)).Version);
            Assert.Null(await BodyAsync(id));
        }
        Assert.Equal("person_not_found", (await Ports.Posts.PublishAsync(TextOf(new UserId(99), "x"), null, Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task Ids_rise_even_when_the_clock_stands_still()
    {
        var ada = await JoinAsync();
        var ids = new List<PostId>();
        for (var i = 0; i < 100; i++)
            ids.Add(await PublishAsync(ada));
        Assert.Equal(ids.Distinct().Order(), ids);
    }

    [Fact]
    public async Task A_repeated_key_answers_with_the_first_post_and_makes_no_other()
    {
        var ada = await JoinAsync();
        var first = (await Ports.Posts.PublishAsync(TextOf(ada, "x"), Claim("k"), Ct)).Value;
        var again = (await Ports.Posts.PublishAsync(TextOf(ada, "x"), Claim("k"), Ct)).Value;
        var other = await Ports.Posts.PublishAsync(TextOf(ada, "y"), Claim("k", fingerprint: 2), Ct);

        Assert.Equal(new Published(first.Id, Replayed: true), again);
        Assert.Equal(IdempotencyClaim.Reused, other.Rejection);
        Assert.Equal([first.Id], await NewestAsync([ada]));
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_lifetime_and_means_nothing_to_others()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var first = (await Ports.Posts.PublishAsync(TextOf(ada, "x"), Claim("k"), Ct)).Value;
        var bobs = (await Ports.Posts.PublishAsync(TextOf(bob, "y"), Claim("k", fingerprint: 2), Ct)).Value;
        Clock.Advance(IdempotencyClaim.Lifetime);
        var later = (await Ports.Posts.PublishAsync(TextOf(ada, "z"), Claim("k", fingerprint: 3), Ct)).Value;

        Assert.False(bobs.Replayed);
        Assert.False(later.Replayed);
        Assert.NotEqual(first.Id, later.Id);
    }

    [Fact]
    public async Task Eight_duplicates_each_of_two_hundred_keys_at_once_make_two_hundred_posts()
    {
        var ada = await JoinAsync();

        var results = await RaceAsync(1_600, async i => (await Ports.Posts.PublishAsync(TextOf(ada, $"{i % 200}"), Claim($"key {i % 200}"), Ct)).Value);

        Assert.Equal(200, results.Select(result => result.Id).Distinct().Count());
        Assert.Equal(200, results.Count(result => !result.Replayed));
        Assert.All(results.Select((result, i) => (result.Id, Key: i % 200)).GroupBy(pair => pair.Key), group => Assert.Single(group.Distinct()));
        Assert.Equal(200, (await NewestAsync([ada])).Length);
        Assert.Equal(1 + 200, await Ports.EndAsync(Ct));
    }

    [Fact]
    public async Task An_edit_changes_text_or_audience_and_raises_the_version_of_both()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada, "before");
        Clock.Advance(TimeSpan.FromMinutes(1));

        var edited = (await Ports.Posts.EditAsync(post, ada, new PostEdit("after", null, default), 1, Ct)).Value;
        Assert.Equal((2, NowUnixMs, Audience.Public), (edited.Version, edited.EditedUnixMs, edited.Audience));
        Assert.Equal(("after", 2), ((await BodyAsync(post))!.Text, (await BodyAsync(post))!.Version));

        await Ports.Posts.EditAsync(post, ada, new PostEdit(null, Audience.Friends, default), null, Ct);
        Assert.Equal((3, Audience.Friends), ((await HeaderAsync(post)).Version, (await HeaderAsync(post)).Audience));
        Assert.Equal(("after", 3), ((await BodyAsync(post))!.Text, (await BodyAsync(post))!.Version));
    }

    [Fact]
    public async Task An_edit_that_is_refused_changes_nothing()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada, "before");
        var end = await Ports.EndAsync(Ct);
        var edit = new PostEdit("after", null, default);

        Assert.Equal("post_not_found", (await Ports.Posts.EditAsync(post, bob, edit, null, Ct)).Rejection!.Code);
        Assert.Equal("post_not_found", (await Ports.Posts.EditAsync(new PostId(5), ada, edit, null, Ct)).Rejection!.Code);
        Assert.Equal("version_conflict", (await Ports.Posts.EditAsync(post, ada, edit, 7, Ct)).Rejection!.Code);
        Assert.Equal("invalid_field", (await Ports.Posts.EditAsync(post, ada, edit with { Text = " " }, null, Ct)).Rejection!.Code);
        var custom = new PostEdit("after", Audience.Custom, new AudienceListId(9));
        Assert.Equal("list_not_found", (await Ports.Posts.EditAsync(post, ada, custom, null, Ct)).Rejection!.Code);

        Assert.Equal(1, (await HeaderAsync(post)).Version);
        Assert.Equal("before", (await BodyAsync(post))!.Text);
        Assert.Equal(end, await Ports.EndAsync(Ct));
    }

    [Fact]
    public async Task Of_edits_that_race_for_one_version_one_wins()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada);

        var results = await RaceAsync(32, async i => await Ports.Posts.EditAsync(post, ada, new PostEdit($"{i}", null, default), 1, Ct));

        Assert.Single(results, result => result.IsOk);
        Assert.Equal(2, (await HeaderAsync(post)).Version);
    }

    [Fact]
    public async Task A_custom_audience_is_a_list_of_the_author()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var bobs = (await Ports.Audiences.AddAsync(bob, "team", Ct)).Value;
        var adas = (await Ports.Audiences.AddAsync(ada, "team", Ct)).Value;
        var post = TextOf(ada, "x") with { Audience = Audience.Custom };

        Assert.Equal("list_not_found", (await Ports.Posts.PublishAsync(post with { List = bobs }, null, Ct)).Rejection!.Code);
        Assert.Equal("list_not_found", (await Ports.Posts.PublishAsync(post with { List = new AudienceListId(99) }, null, Ct)).Rejection!.Code);
        var id = (await Ports.Posts.PublishAsync(post with { List = adas }, null, Ct)).Value.Id;
        Assert.Equal(adas, (await HeaderAsync(id)).List);
    }

    [Fact]
    public async Task Deleting_a_post_takes_its_body_and_keeps_that_it_was_there()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada, "secret");
        Assert.NotNull(await BodyAsync(post));

        Assert.Equal("post_not_found", (await Ports.Posts.DeleteAsync(post, bob, null, Ct)).Rejection!.Code);
        Assert.Equal("version_conflict", (await Ports.Posts.DeleteAsync(post, ada, 2, Ct)).Rejection!.Code);
        Assert.True((await Ports.Posts.DeleteAsync(post, ada, 1, Ct)).Value);
        Assert.False((await Ports.Posts.DeleteAsync(post, ada, null, Ct)).Value);

        Assert.True((await HeaderAsync(post)).Deleted);
        Assert.Null(await BodyAsync(post));
        Assert.Equal("post_not_found", (await Ports.Posts.EditAsync(post, ada, new PostEdit("x", null, default), null, Ct)).Rejection!.Code);
        Assert.Equal("post_not_found", (await Ports.Posts.DeleteAsync(new PostId(5), ada, null, Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task The_newest_of_several_authors_are_walked_newest_first_each_once()
    {
        var authors = await JoinManyAsync(3);
        var all = new List<PostId>();
        for (var i = 0; i < 60; i++)
        {
            all.Add(await PublishAsync(authors[i % 3]));
            Clock.Advance(TimeSpan.FromMilliseconds(i % 2));
        }
        await PublishAsync(await JoinAsync());

        var walked = new List<PostId>();
        var page = new PostId[7];
        int count;
        do
        {
            count = await Ports.Posts.NewestAsync(authors, walked.Count == 0 ? PostId.Last : walked[^1], page, Ct);
            walked.AddRange(page[..count]);
        }
        while (count == page.Length);

        Assert.Equal(all.OrderDescending(), walked);
        Assert.Equal(0, await Ports.Posts.NewestAsync(authors, PostId.None, page, Ct));
        Assert.Equal(0, await Ports.Posts.NewestAsync(new[] { new UserId(99), new UserId((1L << 32) + 1) }, PostId.Last, page, Ct));
    }

    [Fact]
    public async Task Each_change_tells_one_event()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada);
        await Ports.Posts.EditAsync(post, ada, new PostEdit("x", null, default), null, Ct);
        await Ports.Posts.DeleteAsync(post, ada, null, Ct);
        await Ports.Posts.DeleteAsync(post, ada, null, Ct);

        var events = new Event[10];
        await Ports.Settle(Ct);
        var count = await Ports.Events.ReadAsync(1, events, Ct);

        Assert.Equal(
            [EventKind.PostPublished, EventKind.PostEdited, EventKind.PostDeleted], events[..count].Select(happened => happened.Kind));
        Assert.All(events[..count], happened => Assert.Equal((ada, ada, post, NowUnixMs), (happened.Actor, happened.Other, happened.Post, happened.UnixMs)));
    }

    [Fact]
    public async Task The_event_of_a_new_post_says_where_its_text_names_nobody()
    {
        var ada = await JoinAsync();
        foreach (var text in (string[])["to all", "to @bob"])
            await Ports.Posts.PublishAsync(TextOf(ada, text), null, Ct);

        var events = new Event[10];
        await Ports.Settle(Ct);
        var count = await Ports.Events.ReadAsync(1, events, Ct);
        Assert.Equal([Event.NamesNobody, 0], events[..count].Select(happened => happened.Detail));
    }

    private async Task<PostId[]> NewestAsync(UserId[] authors)
    {
        var into = new PostId[1_000];
        var count = await Ports.Posts.NewestAsync(authors, PostId.Last, into, Ct);
        return into[..count];
    }
}
