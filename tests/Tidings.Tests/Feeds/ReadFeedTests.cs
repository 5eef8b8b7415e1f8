using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Feeds;

/// <summary>What the simulation is too small for: feeds longer than an inbox, and single promises by name.</summary>
public sealed class ReadFeedTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<List<PostId>> WalkAsync(SimulatedTidings tidings, UserId reader, FeedOrder order, int limit = 100)
    {
        var walk = new List<PostId>();
        string? cursor = null;
        do
        {
            using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(order, limit, cursor), None)).Value;
            foreach (var item in page.Items)
                walk.Add(item.Header.Id);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return walk;
    }

    /// <summary>A reader who follows some authors, each of whom posts in turn.</summary>
    private static async Task<(UserId Reader, UserId[] Authors, List<PostId> Posts)> NetworkAsync(SimulatedTidings tidings, int authors, int posts)
    {
        var reader = await tidings.JoinAsync("reader");
        var people = new UserId[authors];
        for (var i = 0; i < authors; i++)
        {
            people[i] = await tidings.JoinAsync($"author_{i}");
            await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Follow, people[i], None);
        }
        return (reader, people, await PostAsync(tidings, people, posts));
    }

    private static async Task<List<PostId>> PostAsync(SimulatedTidings tidings, UserId[] authors, int posts)
    {
        var published = await Task.WhenAll(Enumerable.Range(0, posts).Select(i => tidings.Publish.ExecuteAsync(
            new NewPost(authors[i % authors.Length], PostType.Text, Audience.Public, default, new PostBody($"post {i}", [])), null, None).AsTask()));
        return [.. published.Select(p => p.Value.Id).OrderDescending()];
    }

    [Theory]
    [InlineData(FeedOrder.Latest)]
    [InlineData(FeedOrder.Ranked)]
    public async Task A_walk_goes_past_the_inboxs_cap_down_to_the_first_post(FeedOrder order)
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, _, posts) = await NetworkAsync(tidings, authors: 3, posts: 2_600);
        await tidings.DrainFanOutAsync();

        var walk = await WalkAsync(tidings, reader, order);
        Assert.Equal(posts.Count, walk.Count);
        Assert.Equal(posts, order == FeedOrder.Latest ? walk : [.. walk.OrderDescending()]);
    }

    [Fact]
    public async Task A_walk_goes_past_the_cap_where_some_authors_are_pulled()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 2);
        var (reader, authors, posts) = await NetworkAsync(tidings, authors: 4, posts: 1_300);
        var other = await tidings.JoinAsync("other");
        await tidings.ChangeTie.ExecuteAsync(other, TieAction.Follow, authors[0], None);
        await tidings.DrainFanOutAsync();
        posts.InsertRange(0, await PostAsync(tidings, authors, 1_300));
        await tidings.DrainFanOutAsync();
        Assert.Equal(posts, await WalkAsync(tidings, reader, FeedOrder.Latest));
    }

    [Fact]
    public async Task A_rebuilt_inbox_equals_the_one_that_push_has_made()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, _) = await NetworkAsync(tidings, authors: 7, posts: 10);
        await WalkAsync(tidings, reader, FeedOrder.Latest);
        await PostAsync(tidings, authors, 1_500);
        await tidings.DrainFanOutAsync();

        PostId[] warm = new PostId[IInboxes.CapEntries], rebuilt = new PostId[IInboxes.CapEntries];
        var warmRead = await tidings.Profile.Inboxes.ReadAsync(reader, warm, None);
        await tidings.Profile.Inboxes.DropAsync(new[] { reader }, None);
        Assert.Equal(InboxRead.Missing, await tidings.Profile.Inboxes.ReadAsync(reader, rebuilt, None));
        await WalkAsync(tidings, reader, FeedOrder.Latest);
        var rebuiltRead = await tidings.Profile.Inboxes.ReadAsync(reader, rebuilt, None);

        Assert.Equal((IInboxes.CapEntries, false), (warmRead.Count, warmRead.IsWhole));
        Assert.Equal(warmRead, rebuiltRead);
        Assert.Equal(warm, rebuilt);
    }

    [Fact]
    public async Task At_most_two_posts_of_an_author_stand_on_a_page_while_others_wait()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, _) = await NetworkAsync(tidings, authors: 8, posts: 8);
        await PostAsync(tidings, [authors[0]], 30);

        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 9, null), None)).Value;
        Assert.Equal(2, page.Items.ToArray().Count(item => item.Header.Author == authors[0]));
        Assert.Equal(38, (await WalkAsync(tidings, reader, FeedOrder.Ranked, 9)).Distinct().Count());
    }

    [Fact]
    public async Task What_was_seen_goes_below_all_that_was_not_and_the_page_tells_where_it_begins()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, posts) = await NetworkAsync(tidings, authors: 3, posts: 30);
        Assert.Null((await PageAsync(null)).CaughtUpAt);
        var seen = posts.Take(17).ToHashSet();
        await tidings.Report.ExecuteAsync(reader, [.. seen.Select(id => new Impression(id, 1_000))], None);

        var walk = new List<PostId>();
        var marks = new List<int?>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(cursor);
            walk.AddRange(page.Items);
            marks.Add(page.CaughtUpAt);
            cursor = page.Cursor;
        }
        while (cursor is not null);

        Assert.Equal(posts.Order(), walk.Order());
        Assert.All(walk[..13], id => Assert.DoesNotContain(id, seen));
        Assert.Equal([null, null, 3, 0, 0, 0], marks);
        Assert.Equal(posts, await WalkAsync(tidings, reader, FeedOrder.Latest));

        async Task<(PostId[] Items, string? Cursor, int? CaughtUpAt)> PageAsync(string? from)
        {
            using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 5, from), None)).Value;
            return (Array.ConvertAll(page.Items.ToArray(), item => item.Header.Id), page.NextCursor, page.CaughtUpAt);
        }
    }

    [Fact]
    public async Task All_that_is_unseen_of_an_author_comes_before_what_was_seen_of_others()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, seen) = await NetworkAsync(tidings, authors: 3, posts: 6);
        await tidings.Report.ExecuteAsync(reader, [.. seen.Select(id => new Impression(id, 1_000))], None);
        var unseen = await PostAsync(tidings, [authors[0]], 4);
        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 7, null), None)).Value;
        Assert.Equal(unseen, page.Items.ToArray()[..4].Select(item => item.Header.Id));
        Assert.Equal(4, page.CaughtUpAt);
    }

    [Fact]
    public async Task A_page_is_full_while_there_is_more_however_much_may_not_be_seen()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, _) = await NetworkAsync(tidings, authors: 2, posts: 400);
        await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Mute, authors[0], None);
        foreach (var order in new[] { FeedOrder.Latest, FeedOrder.Ranked })
        {
            using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(order, 50, null), None)).Value;
            Assert.Equal(50, page.Items.Length);
        }
    }

    [Fact]
    public async Task Ones_own_post_is_there_before_fan_out_ran()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var posts = await PostAsync(tidings, [author], 1);
        Assert.Equal(posts, await WalkAsync(tidings, author, FeedOrder.Ranked));
    }

    [Fact]
    public async Task A_snapshot_shows_nothing_that_was_deleted_or_blocked_since()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, authors, posts) = await NetworkAsync(tidings, authors: 4, posts: 40);
        using var first = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 5, null), None)).Value;
        foreach (var post in posts.Where(p => p.Value % 2 == 0))
            await tidings.Profile.Posts.DeleteAsync(post, await AuthorAsync(post), null, None);
        await tidings.ChangeTie.ExecuteAsync(authors[1], TieAction.Block, reader, None);

        using var second = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 100, first.NextCursor), None)).Value;
        foreach (var item in second.Items.ToArray())
        {
            Assert.False(item.Header.Deleted);
            Assert.NotEqual(authors[1], item.Header.Author);
        }

        async Task<UserId> AuthorAsync(PostId post)
        {
            var header = new PostHeader[1];
            await tidings.Profile.Posts.HeadersAsync(new[] { post }, header, None);
            return header[0].Author;
        }
    }

    [Fact]
    public async Task The_cursor_of_a_snapshot_that_is_gone_is_expired()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (reader, _, _) = await NetworkAsync(tidings, authors: 2, posts: 40);
        using var first = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 5, null), None)).Value;
        var cursor = first.NextCursor;
        await tidings.RestartAsync();
        Assert.Equal("cursor_expired", (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 5, cursor), None)).Rejection?.Code);
    }

    [Fact]
    public async Task A_page_that_is_left_to_chance_holds_the_same_posts_and_logs_how_likely_each_stood_there()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        tidings.Slates = new SlateSampler(1);
        await tidings.RestartAsync();
        tidings.Plans.Use(RankingPresets.All["chronological"] with { ExploreShare = 1, ExploreTop = 4 });
        var (reader, _, posts) = await NetworkAsync(tidings, authors: 3, posts: 12);
        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 10, null), None)).Value;
        var shown = page.Items.ToArray().Select(item => item.Header.Id).ToList();
        Assert.NotEqual(posts[..4], shown[..4]);
        Assert.Equal(posts[..4], shown[..4].OrderDescending());
        Assert.Equal(posts[4..10], shown[4..]);

        var slates = new List<Slate>();
        await tidings.Slates.TakeAsync(slates, 1, None);
        Assert.Equal(shown, slates[0].Entries.Take(10).Select(entry => entry.Post));
        Assert.All(slates[0].Entries.Take(4), entry => Assert.Equal(0.25f, entry.Propensity));
        Assert.All(slates[0].Entries.Skip(4).Take(6), entry => Assert.Equal(1, entry.Propensity));
    }

    [Fact]
    public async Task A_look_at_anybodys_feed_shows_what_they_would_get_and_nobody_notices()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        tidings.Slates = new SlateSampler(1);
        await tidings.RestartAsync();
        var (reader, authors, seen) = await NetworkAsync(tidings, authors: 4, posts: 30);
        await tidings.Report.ExecuteAsync(reader, [.. seen.Take(5).Select(id => new Impression(id, 1_000))], None);
        await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Mute, authors[3], None);
        tidings.Clock.Advance(TimeSpan.FromDays(15));
        await PostAsync(tidings, authors, 3);
        await tidings.DrainFanOutAsync();
        var before = tidings.Profile.Figures;

        using var looked = await tidings.ReadFeed.PeekAsync(reader, 9, None);
        Assert.Equal(FeedStage.Page, (await tidings.ReadFeed.ExplainAsync(reader, looked.Items[0].Header.Id, None)).Stage);
        var presence = new Presence[1];
        await tidings.Profile.Presence.ClassifyAsync(new[] { reader }, presence, None);
        Assert.Equal(Presence.Dormant, presence[0]);
        Assert.Equal((before.Inboxes, before.SnapshotBytes), (tidings.Profile.Figures.Inboxes, tidings.Profile.Figures.SnapshotBytes));

        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 9, null), None)).Value;
        Assert.Equal(page.Items.ToArray(), looked.Items.ToArray());
        Assert.Equal(page.CaughtUpAt, looked.CaughtUpAt);
        Assert.Null(looked.NextCursor);
        // Only the page that was read is logged.
        var slates = new List<Slate>();
        await tidings.Slates.TakeAsync(slates, 10, None);
        Assert.Single(slates);
        // And with the inbox that the read made.
        using var again = await tidings.ReadFeed.PeekAsync(reader, 9, None);
        Assert.Equal(page.Items.ToArray(), again.Items.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task A_limit_out_of_range_is_refused(int limit)
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        Assert.Equal("limit", (await tidings.ReadFeed.ExecuteAsync(new UserId(1), new FeedQuery(FeedOrder.Ranked, limit, null), None)).Rejection?.Field);
    }
}
