using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Hosting;
using Tidings.Server.Posts;
using Xunit;

namespace Tidings.Server.Tests.Posts;

public sealed class PostFragmentsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_post_that_was_edited_since_its_header_was_read_is_left_out()
    {
        var (item, _) = await PublishedAsync();
        var fragments = Fragments();
        await server.Get<IPostStore>().EditAsync(
            item.Header.Id, item.Header.Author, new PostEdit("secret", Audience.Friends, default), null, Ct);
        var found = new byte[]?[1];
        Assert.Equal(1, fragments.Find([item], found));
        await fragments.CompleteAsync(new[] { item }, found, Ct);
        Assert.Null(found[0]);
        Assert.Equal(0, fragments.Count);
    }

    [Fact]
    public async Task Only_what_is_missing_is_made_and_each_in_its_place()
    {
        var (one, _) = await PublishedAsync();
        var (two, _) = await PublishedAsync();
        var gone = new FeedItem(one.Header with { Id = new PostId(1) }, 0, false, false);
        var fragments = Fragments();
        var first = new byte[]?[1];
        await fragments.CompleteAsync(new[] { one }, first, Ct);

        var found = new byte[]?[3];
        Assert.Equal(2, fragments.Find([gone, one, two], found));
        Assert.Same(first[0], found[1]);
        await fragments.CompleteAsync(new[] { gone, one, two }, found, Ct);
        Assert.Null(found[0]);
        Assert.Same(first[0], found[1]);
        Assert.Contains(two.Header.Id.ToString(), System.Text.Encoding.UTF8.GetString(found[2]!));
        Assert.Equal(2, fragments.Count);
    }

    private PostFragments Fragments() => new(server.Get<IPostStore>(), server.Get<IPeopleStore>(), new ServeOptions(), TimeProvider.System);

    private async Task<(FeedItem Item, Someone Author)> PublishedAsync()
    {
        var author = await server.JoinAsync("author");
        var posts = server.Get<IPostStore>();
        Assert.True(UserId.TryParse(author.Id, out var id));
        var published = await posts.PublishAsync(
            new NewPost(id, PostType.Text, Audience.Public, default, new PostBody("a", [])), null, Ct);
        var header = new PostHeader[1];
        await posts.HeadersAsync(new[] { published.Value.Id }, header, Ct);
        return (new FeedItem(header[0], 0, false, false), author);
    }
}
