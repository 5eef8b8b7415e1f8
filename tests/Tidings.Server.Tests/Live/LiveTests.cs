using System.Net;
using System.Net.WebSockets;
using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<PublishedView> PostAsync(Someone author, string text = "hello") =>
        author.Client.PublishAsync(new PublishRequest(text), null, Ct);

    private static async Task<LiveFrameView> NextAsync(LiveUpdates live) => await live.NextAsync(Ct) ?? throw new InvalidOperationException("It was closed.");

    private static async Task<LiveUpdates> OpenAsync(Someone reader, long? after = null)
    {
        var live = await reader.Client.OpenLiveAsync(after, Ct);
        Assert.Equal("hello", (await NextAsync(live)).Type);
        return live;
    }

    [Fact]
    public async Task A_follower_who_is_here_is_told_of_a_post_an_edit_and_a_deletion_in_order()
    {
        var (author, reader) = (await server.JoinAsync("author"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(author.Id, Ct);
        await using var live = await OpenAsync(reader);

        var post = await PostAsync(author);
        await author.Client.EditPostAsync(post.Id, new EditPostRequest("other"), null, Ct);
        await author.Client.DeletePostAsync(post.Id, Ct);

        Assert.Equal(("posted", post.Id, author.Id), Told(await NextAsync(live)));
        Assert.Equal(("edited", post.Id, null), Told(await NextAsync(live)));
        Assert.Equal(("gone", post.Id, null), Told(await NextAsync(live)));
    }

    private static (string, string?, string?) Told(LiveFrameView frame) => (frame.Type, frame.Post, frame.Author);
}
