using Tidings.Engagement;
using Tidings.Graph;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Engagement;

public sealed class EngageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nobody_engages_with_what_they_cannot_see()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (author, stranger) = (await tidings.JoinAsync("author"), await tidings.JoinAsync("stranger"));
        var post = (await tidings.Publish.ExecuteAsync(
            new NewPost(author, PostType.Text, Audience.Friends, default, new PostBody("for friends", [])), null, None)).Value.Id;

        Assert.Equal("post_not_found", (await tidings.Mark.ExecuteAsync(stranger, post, Mark.Like, true, None)).Rejection?.Code);
        Assert.Equal("post_not_found", (await tidings.Comment.ExecuteAsync(stranger, post, "hello", null, None)).Rejection?.Code);
        Assert.Equal("post_not_found", (await tidings.ReadEngagement.CommentsAsync(stranger, post, default, 10, None)).Rejection?.Code);
        Assert.Equal("post_not_found", (await tidings.ReadEngagement.MarkersAsync(stranger, post, Mark.Like, default, 10, None)).Rejection?.Code);
    }

    [Fact]
    public async Task Those_between_whom_a_block_stands_do_not_meet_under_a_third_ones_post()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var (author, one, other) = (await tidings.JoinAsync("author"), await tidings.JoinAsync("one"), await tidings.JoinAsync("other"));
        var post = (await tidings.Publish.ExecuteAsync(
            new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("for all", [])), null, None)).Value.Id;
        await tidings.Comment.ExecuteAsync(one, post, "hello", null, None);
        await tidings.Mark.ExecuteAsync(one, post, Mark.Like, true, None);
        await tidings.ChangeTie.ExecuteAsync(one, TieAction.Block, other, None);

        Assert.Empty((await tidings.ReadEngagement.CommentsAsync(other, post, default, 10, None)).Value.Comments);
        Assert.Empty((await tidings.ReadEngagement.MarkersAsync(other, post, Mark.Like, default, 10, None)).Value.People);
        Assert.Single((await tidings.ReadEngagement.CommentsAsync(author, post, default, 10, None)).Value.Comments);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_comment_is_not_blank(string text)
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        Assert.Equal("text", (await tidings.Comment.ExecuteAsync(author, new PostId(1), text, null, None)).Rejection?.Field);
    }

    [Fact]
    public void The_numbers_of_marks_are_frozen() =>
        Assert.Equal([(Mark)1, (Mark)2, (Mark)3], [Mark.Like, Mark.Share, Mark.Hide]);
}
