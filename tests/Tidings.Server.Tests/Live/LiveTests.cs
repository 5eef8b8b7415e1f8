using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static (string, string?) Told(LiveFrameView frame) => (frame.Type, frame.Post);

    private async Task<(Someone Author, Someone Reader)> JoinAsync()
    {
        var (author, reader) = (await server.JoinAsync("author"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(author.Id, Ct);
        return (author, reader);
    }

    [Fact]
    public async Task A_follower_who_is_here_is_told_of_a_post_an_edit_and_a_deletion()
    {
        var (author, reader) = await JoinAsync();
        await using var live = await LiveSteps.OpenAsync(reader);

        var post = await LiveSteps.PostAsync(author);
        var posted = await LiveSteps.NextAsync(live);
        Assert.Equal(("posted", post, author.Id), (posted.Type, posted.Post, posted.Author));
        await author.Client.EditPostAsync(post, new EditPostRequest("other"), null, Ct);
        Assert.Equal(("edited", post), Told(await LiveSteps.NextAsync(live)));
        await author.Client.DeletePostAsync(post, Ct);
        Assert.Equal(("gone", post), Told(await LiveSteps.NextAsync(live)));
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_one_from_long_ago_a_resync()
    {
        var (author, reader) = await JoinAsync();
        long last;
        await using (var live = await LiveSteps.OpenAsync(reader))
        {
            var seen = await LiveSteps.PostAsync(author);
            Assert.Equal(("posted", seen), Told(await LiveSteps.NextAsync(live)));
            last = live.Last!.Value;
        }
        string[] missed = [await LiveSteps.PostAsync(author), await LiveSteps.PostAsync(author)];
        await server.SettledAsync();

        await using var resumed = await reader.Client.OpenLiveAsync(last, Ct);
        Assert.True((await LiveSteps.NextAsync(resumed)).Resumed);
        foreach (var post in missed)
            Assert.Equal(("posted", post), Told(await LiveSteps.NextAsync(resumed)));

        await using var old = await reader.Client.OpenLiveAsync(last - 1_000_000, Ct);
        Assert.False((await LiveSteps.NextAsync(old)).Resumed);
        Assert.Equal("resync", (await LiveSteps.NextAsync(old)).Type);
    }

    [Fact]
    public async Task Counters_of_a_post_come_to_those_who_watch_it()
    {
        var (author, reader) = await JoinAsync();
        var post = await LiveSteps.PostAsync(author);
        await server.SettledAsync();
        await using var live = await LiveSteps.OpenAsync(reader);
        await LiveSteps.WatchAsync(live, post);
        await author.Client.LikeAsync(post, Ct);
        var frame = await LiveSteps.NextAsync(live);
        Assert.Equal(("counters", post, 1, 0, 0), (frame.Type, frame.Post, frame.Likes, frame.Comments, frame.Shares));
    }

    [Fact]
    public async Task Whoever_begins_to_watch_is_told_what_changed_since_the_post_was_read()
    {
        var (author, reader) = await JoinAsync();
        var post = await LiveSteps.PostAsync(author);
        await author.Client.LikeAsync(post, Ct);
        await server.SettledAsync();
        await using var live = await LiveSteps.OpenAsync(reader);
        await live.WatchAsync([post], Ct);
        var frame = await LiveSteps.NextAsync(live);
        Assert.Equal(("counters", post, 1, 0, 0), (frame.Type, frame.Post, frame.Likes, frame.Comments, frame.Shares));
    }

    [Fact]
    public async Task A_block_takes_the_post_from_the_next_read_and_the_open_socket_says_nothing_more()
    {
        var (author, reader) = await JoinAsync();
        var other = await server.JoinAsync("other");
        await reader.Client.FollowAsync(other.Id, Ct);
        var post = await LiveSteps.PostAsync(author);
        await server.SettledAsync();
        await using var live = await LiveSteps.OpenAsync(reader);
        await LiveSteps.WatchAsync(live, post);

        await author.Client.BlockAsync(reader.Id, Ct);
        Assert.DoesNotContain(post, (await reader.Client.FeedAsync(null, null, null, Ct)).Items.Select(p => p.Id));
        Assert.Equal(("gone", post), Told(await LiveSteps.NextAsync(live)));

        await author.Client.EditPostAsync(post, new EditPostRequest("not for you"), null, Ct);
        await author.Client.LikeAsync(post, Ct);
        await LiveSteps.PostAsync(author);
        var others = await LiveSteps.PostAsync(other);
        Assert.Equal(("posted", others), Told(await LiveSteps.NextAsync(live)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_taken_off_an_audience_list_loses_what_was_shown_to_it(bool wholeList)
    {
        var (author, reader) = await JoinAsync();
        var list = await author.Client.AddAudienceAsync("some", Ct);
        await author.Client.AddAudienceMemberAsync(list.Id, reader.Id, Ct);
        await using var live = await LiveSteps.OpenAsync(reader);
        var post = await LiveSteps.PostAsync(author, Audience.Custom, list.Id);
        Assert.Equal(("posted", post), Told(await LiveSteps.NextAsync(live)));
        await LiveSteps.WatchAsync(live, post);
        if (wholeList)
            await author.Client.RemoveAudienceAsync(list.Id, Ct);
        else
            await author.Client.RemoveAudienceMemberAsync(list.Id, reader.Id, Ct);
        Assert.Equal(("gone", post), Told(await LiveSteps.NextAsync(live)));
    }

    [Fact]
    public async Task Signing_out_ends_the_sessions_connections_and_no_others()
    {
        var (author, reader) = await JoinAsync();
        await using var live = await LiveSteps.OpenAsync(reader);
        await using var others = await LiveSteps.OpenAsync(author);
        await reader.Client.SignOutAsync(Ct);
        var bye = await LiveSteps.NextAsync(live);
        Assert.Equal(("bye", "signed_out", null), (bye.Type, bye.Reason, bye.RetryMs));
        Assert.Null(await live.NextAsync(Ct));
        Assert.Equal((4401, "signed_out"), (live.CloseStatus, live.CloseReason));
        Assert.Null(others.CloseStatus);
    }

    [Fact]
    public async Task Erasing_a_person_ends_connections_that_a_service_opened_for_them()
    {
        var (_, reader) = await JoinAsync();
        var key = (await server.Admin.MakeKeyAsync("backend", Ct)).Key;
        await using var live = await server.Anonymous.As(key, reader.Id).OpenLiveAsync(null, Ct);
        Assert.Equal("hello", (await LiveSteps.NextAsync(live)).Type);
        Assert.Equal(204, await server.Admin.StatusAsync("DELETE", $"/v1/admin/people/{reader.Id}"));
        Assert.Equal("signed_out", (await LiveSteps.NextAsync(live)).Reason);
    }

    [Fact]
    public async Task A_revoked_service_key_ends_the_connections_that_it_opened()
    {
        var (_, reader) = await JoinAsync();
        var key = await server.Admin.MakeKeyAsync("backend", Ct);
        await using var live = await server.Anonymous.As(key.Key, reader.Id).OpenLiveAsync(null, Ct);
        Assert.Equal("hello", (await LiveSteps.NextAsync(live)).Type);
        await server.Admin.RevokeKeyAsync(key.Id, Ct);
        Assert.Equal("signed_out", (await LiveSteps.NextAsync(live)).Reason);
    }
}
