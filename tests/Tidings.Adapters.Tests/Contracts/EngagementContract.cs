using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class EngagementContract : Contract
{
    [Fact]
    public async Task A_mark_is_left_once_and_taken_back_once()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);

        Assert.True(await MarkAsync(bob, post, Mark.Like, true));
        Assert.False(await MarkAsync(bob, post, Mark.Like, true));
        Assert.True(await MarkAsync(bob, post, Mark.Share, true));
        Assert.Equal(new Counts(1, 0, 1), (await HeaderAsync(post)).Counts);

        Assert.True(await MarkAsync(bob, post, Mark.Like, false));
        Assert.False(await MarkAsync(bob, post, Mark.Like, false));
        Assert.Equal(new Counts(0, 0, 1), (await HeaderAsync(post)).Counts);
    }

    [Fact]
    public async Task A_hide_counts_nowhere_and_is_kept()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        Assert.True(await MarkAsync(bob, post, Mark.Hide, true));
        Assert.Equal(default, (await HeaderAsync(post)).Counts);
        Assert.True((await MarkedAsync(bob, Mark.Hide, post))[0]);
        Assert.Equal(0, await AffinityAsync(bob, ada));
    }

    [Fact]
    public async Task Two_hundred_who_like_at_once_are_two_hundred_likes()
    {
        var ada = await JoinAsync();
        var likers = await JoinManyAsync(200);
        var post = await PublishAsync(ada);

        var results = await RaceAsync(600, async i => await MarkAsync(likers[i % 200], post, Mark.Like, true));

        Assert.Equal(200, results.Count(changed => changed));
        Assert.Equal(200, (await HeaderAsync(post)).Counts.Likes);
        Assert.Equal(likers.OrderBy(id => id.Value), await MarkersAsync(post, Mark.Like, pageSize: 33));
    }

    [Fact]
    public async Task Likes_and_take_backs_that_race_leave_a_count_equal_to_the_list()
    {
        var ada = await JoinAsync();
        var likers = await JoinManyAsync(20);
        var post = await PublishAsync(ada);

        await RaceAsync(1_000, async i => await MarkAsync(likers[i % 20], post, Mark.Like, i / 20 % 3 != 0));

        var left = await MarkersAsync(post, Mark.Like, pageSize: 100);
        Assert.Equal(left.Length, (await HeaderAsync(post)).Counts.Likes);
        foreach (var liker in likers)
            Assert.Equal(left.Contains(liker), (await MarkedAsync(liker, Mark.Like, post))[0]);
    }

    [Fact]
    public async Task What_a_viewer_marked_shows_at_once_also_for_very_many_marks()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var posts = await RaceAsync(1_200, async i => await PublishAsync(ada, $"{i}"));
        Array.Sort(posts);
        Assert.All(await MarkedAsync(bob, Mark.Like, posts), marked => Assert.False(marked));
        var even = posts.Where((_, i) => i % 2 == 0 || i > 100).ToArray();
        await RaceAsync(even.Length, async i => await MarkAsync(bob, even[i], Mark.Like, true));

        var expected = posts.Select(even.Contains).ToArray();
        Assert.Equal(expected, await MarkedAsync(bob, Mark.Like, posts));

        foreach (var post in new[] { posts[0], posts[2], posts[^1], posts[600] })
            await MarkAsync(bob, post, Mark.Like, false);
        (expected[0], expected[2], expected[^1], expected[600]) = (false, false, false, false);
        Assert.Equal(expected, await MarkedAsync(bob, Mark.Like, posts));
        Assert.All(await MarkedAsync(bob, Mark.Share, posts), marked => Assert.False(marked));
        Assert.All(await MarkedAsync(new UserId((1L << 32) + bob.Value), Mark.Like, posts), marked => Assert.False(marked));
    }

    [Fact]
    public async Task Nothing_can_be_left_on_a_post_that_is_not_there()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada);
        await Ports.Posts.DeleteAsync(post, ada, null, Ct);
        foreach (var gone in new[] { post, new PostId(5), new PostId(-5) })
        {
            Assert.Equal("post_not_found", (await Ports.Engagement.MarkAsync(ada, gone, Mark.Like, true, Ct)).Rejection!.Code);
            Assert.Equal("post_not_found", (await Ports.Engagement.CommentAsync(ada, gone, "x", null, Ct)).Rejection!.Code);
            Assert.Equal("post_not_found", (await Ports.Engagement.DeleteCommentAsync(ada, gone, new CommentId(1), Ct)).Rejection!.Code);
        }
    }

    [Fact]
    public async Task Comments_are_read_in_the_order_in_which_they_were_made()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var (post, other) = (await PublishAsync(ada), await PublishAsync(ada));
        var made = new List<Comment>();
        for (var i = 0; i < 25; i++)
        {
            var author = i % 2 == 0 ? ada : bob;
            made.Add(new Comment((await Ports.Engagement.CommentAsync(author, post, $"nr {i}", null, Ct)).Value.Id, post, author, $"nr {i}"));
            await Ports.Engagement.CommentAsync(author, other, "elsewhere", null, Ct);
        }

        var read = new List<Comment>();
        IReadOnlyList<Comment> page;
        do
        {
            page = await Ports.Engagement.CommentsAsync(post, read.LastOrDefault()?.Id ?? default, 10, Ct);
            read.AddRange(page);
        }
        while (page.Count == 10);

        Assert.Equal(made, read);
        Assert.Equal(25, (await HeaderAsync(post)).Counts.Comments);
    }

    [Fact]
    public async Task A_comment_is_deleted_by_its_author_or_the_posts_and_by_nobody_else()
    {
        var (ada, bob, eve) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        var one = (await Ports.Engagement.CommentAsync(bob, post, "one", null, Ct)).Value.Id;
        var two = (await Ports.Engagement.CommentAsync(bob, post, "two", null, Ct)).Value.Id;

        Assert.Equal("comment_not_found", (await Ports.Engagement.DeleteCommentAsync(eve, post, one, Ct)).Rejection!.Code);
        Assert.Equal("comment_not_found", (await Ports.Engagement.DeleteCommentAsync(bob, post, new CommentId(7), Ct)).Rejection!.Code);
        Assert.True((await Ports.Engagement.DeleteCommentAsync(bob, post, one, Ct)).Value);
        Assert.True((await Ports.Engagement.DeleteCommentAsync(ada, post, two, Ct)).Value);
        Assert.False((await Ports.Engagement.DeleteCommentAsync(ada, post, two, Ct)).Value);

        Assert.Equal(0, (await HeaderAsync(post)).Counts.Comments);
        Assert.Empty(await Ports.Engagement.CommentsAsync(post, default, 10, Ct));
    }

    [Fact]
    public async Task Deletions_of_one_comment_that_race_count_once()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada);
        var ids = await RaceAsync(50, async i => (await Ports.Engagement.CommentAsync(ada, post, $"{i}", null, Ct)).Value.Id);

        var results = await RaceAsync(100, async i => (await Ports.Engagement.DeleteCommentAsync(ada, post, ids[i % 25], Ct)).Value);

        Assert.Equal(25, results.Count(deleted => deleted));
        Assert.Equal(25, (await HeaderAsync(post)).Counts.Comments);
    }

    [Fact]
    public async Task A_key_makes_one_comment_and_shares_its_scope_with_posts()
    {
        var ada = await JoinAsync();
        var post = await PublishAsync(ada);

        var results = await RaceAsync(16, async _ => (await Ports.Engagement.CommentAsync(ada, post, "x", Claim("k"), Ct)).Value);

        Assert.Single(results.Select(result => result.Id).Distinct());
        Assert.Single(results, result => !result.Replayed);
        Assert.Equal(1, (await HeaderAsync(post)).Counts.Comments);
        Assert.Equal(IdempotencyClaim.Reused, (await Ports.Engagement.CommentAsync(ada, post, "y", Claim("k", 2), Ct)).Rejection);
        Assert.Equal(IdempotencyClaim.Reused, (await Ports.Posts.PublishAsync(TextOf(ada, "x"), Claim("k"), Ct)).Rejection);
    }

    [Fact]
    public async Task Affinity_is_the_sum_of_interactions_with_others_and_decays_by_a_tenth_a_day()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        await MarkAsync(bob, post, Mark.Like, true);
        await MarkAsync(bob, post, Mark.Share, true);
        await Ports.Engagement.CommentAsync(bob, post, "x", null, Ct);
        await MarkAsync(bob, post, Mark.Like, false);
        await MarkAsync(ada, post, Mark.Like, true);

        Assert.Equal(InteractionWeights.Like + InteractionWeights.Share + InteractionWeights.Comment, await AffinityAsync(bob, ada), 4);
        Assert.Equal(0, await AffinityAsync(ada, bob));
        Assert.Equal(0, await AffinityAsync(ada, ada));

        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0.9 * 15, await AffinityAsync(bob, ada), 4);
    }

    [Fact]
    public async Task A_mark_tells_what_was_left_or_taken_back()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var post = await PublishAsync(ada);
        var before = await Ports.EndAsync(Ct);
        await MarkAsync(bob, post, Mark.Share, true);
        await MarkAsync(bob, post, Mark.Share, true);
        await MarkAsync(bob, post, Mark.Share, false);

        var events = new Event[10];
        await Ports.Settle(Ct);
        var count = await Ports.Events.ReadAsync(before, events, Ct);

        Assert.Equal([256 + 2L, 2L], events[..count].Select(happened => happened.Detail));
        Assert.All(events[..count], happened => Assert.Equal((EventKind.MarkChanged, bob, ada, post), (happened.Kind, happened.Actor, happened.Other, happened.Post)));
    }

    private async Task<bool> MarkAsync(UserId actor, PostId post, Mark mark, bool on) =>
        (await Ports.Engagement.MarkAsync(actor, post, mark, on, Ct)).Value;

    private async Task<bool[]> MarkedAsync(UserId viewer, Mark mark, params PostId[] posts)
    {
        var into = new bool[posts.Length];
        await Ports.Engagement.MarkedAsync(viewer, mark, posts, into, Ct);
        return into;
    }

    private async Task<UserId[]> MarkersAsync(PostId post, Mark mark, int pageSize)
    {
        var walked = new List<UserId>();
        var page = new UserId[pageSize];
        int count;
        do
        {
            count = await Ports.Engagement.MarkersAsync(post, mark, walked.LastOrDefault(), page, Ct);
            walked.AddRange(page[..count]);
        }
        while (count == page.Length);
        return [.. walked];
    }

    private async Task<double> AffinityAsync(UserId reader, UserId author)
    {
        var into = new float[1];
        await Ports.Settle(Ct);
        await Ports.Affinity.ScoresAsync(reader, new[] { author }, NowUnixMs, into, Ct);
        return into[0];
    }
}
