using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Engagement;

public sealed class CommentTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Comments_are_read_in_order_with_their_authors_page_by_page()
    {
        var (writer, other) = (await server.JoinAsync("writer"), await server.JoinAsync("other"));
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        for (var i = 0; i < 5; i++)
            await (i % 2 == 0 ? writer : other).Client.CommentAsync(post.Id, $"{i}", null, Ct);

        var first = await other.Client.CommentsAsync(post.Id, 3, null, Ct);
        var second = await other.Client.CommentsAsync(post.Id, 3, first.NextCursor, Ct);
        Assert.Equal(["0", "1", "2", "3", "4"], first.Items.Concat(second.Items).Select(c => c.Text));
        Assert.Equal(other.Handle, first.Items[1].Author.Handle);
        Assert.Null(second.NextCursor);
        Assert.Equal(5, (await writer.Client.PostAsync(post.Id, Ct)).Counts.Comments);
    }

    [Fact]
    public async Task A_comment_is_deleted_by_its_author_or_by_the_posts()
    {
        var (writer, one, other) = (await server.JoinAsync("writer"), await server.JoinAsync("one"), await server.JoinAsync("other"));
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var mine = await one.Client.CommentAsync(post.Id, "mine", null, Ct);
        var yours = await other.Client.CommentAsync(post.Id, "yours", null, Ct);
        Assert.Equal(404, await one.Client.StatusAsync("DELETE", $"/v1/posts/{post.Id}/comments/{yours.Id}"));
        await one.Client.DeleteCommentAsync(post.Id, mine.Id, Ct);
        await writer.Client.DeleteCommentAsync(post.Id, yours.Id, Ct);
        Assert.Empty((await writer.Client.CommentsAsync(post.Id, null, null, Ct)).Items);
        Assert.Equal(0, (await writer.Client.PostAsync(post.Id, Ct)).Counts.Comments);
    }

    [Fact]
    public async Task Counters_are_exact_though_everybody_likes_at_once()
    {
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        var fans = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.JoinAsync("fan")));
        await Task.WhenAll(fans.SelectMany(f => Enumerable.Range(0, 3).Select(_ => f.Client.LikeAsync(post.Id, Ct))));
        Assert.Equal(12, (await writer.Client.PostAsync(post.Id, Ct)).Counts.Likes);
        Assert.Equal(12, (await writer.Client.LikersAsync(post.Id, null, null, Ct)).Items.Count);
        await Task.WhenAll(fans.Take(5).SelectMany(f => Enumerable.Range(0, 3).Select(_ => f.Client.UnlikeAsync(post.Id, Ct))));
        Assert.Equal(7, (await writer.Client.PostAsync(post.Id, Ct)).Counts.Likes);
    }
}
