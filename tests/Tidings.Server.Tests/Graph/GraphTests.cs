using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Graph;

public sealed class GraphTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly TieView Nothing = new(false, false, false, false, false, false, false, false);

    [Fact]
    public async Task A_friendship_is_asked_for_accepted_and_ended()
    {
        var (one, other) = (await server.JoinAsync("one"), await server.JoinAsync("other"));
        Assert.Equal(Nothing with { RequestSent = true }, await one.Client.BefriendAsync(other.Id, Ct));
        Assert.Equal(other.Id, Assert.Single((await one.Client.RequestsSentAsync(null, null, Ct)).Items).Id);
        Assert.Equal(one.Id, Assert.Single((await other.Client.RequestsReceivedAsync(null, null, Ct)).Items).Id);

        var friends = Nothing with { Friend = true, Follows = true, FollowedBy = true };
        Assert.Equal(friends, await other.Client.BefriendAsync(one.Id, Ct));
        Assert.Equal(friends, (await one.Client.PersonAsync(other.Id, Ct)).Tie);
        Assert.Equal(new GraphCountsView(1, 1, 1), (await one.Client.MeAsync(Ct)).Counts);
        Assert.Equal(one.Id, Assert.Single((await one.Client.FriendsAsync(other.Id, null, null, Ct)).Items).Id);
        Assert.Equal(friends with { CloseFriend = true }, await one.Client.AddCloseFriendAsync(other.Id, Ct));
        Assert.Single((await one.Client.CloseFriendsAsync(null, null, Ct)).Items);

        Assert.Equal(Nothing, await one.Client.UnfriendAsync(other.Id, Ct));
        Assert.Equal(Nothing, (await other.Client.PersonByHandleAsync(one.Handle, Ct)).Tie);
    }

    [Fact]
    public async Task A_request_is_declined_or_taken_back()
    {
        var (one, other) = (await server.JoinAsync("one"), await server.JoinAsync("other"));
        await one.Client.BefriendAsync(other.Id, Ct);
        Assert.Equal(Nothing, await other.Client.UnfriendAsync(one.Id, Ct));
        await one.Client.BefriendAsync(other.Id, Ct);
        Assert.Equal(Nothing, await one.Client.UnfriendAsync(other.Id, Ct));
        Assert.Empty((await other.Client.RequestsReceivedAsync(null, null, Ct)).Items);
    }

    [Fact]
    public async Task Whoever_is_blocked_sees_nobody_there_and_is_on_no_list_that_the_other_sees()
    {
        var (one, other) = (await server.JoinAsync("one"), await server.JoinAsync("other"));
        var third = await server.JoinAsync("third");
        await one.Client.FollowAsync(third.Id, Ct);
        await other.Client.FollowAsync(third.Id, Ct);
        var post = await third.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        await one.Client.LikeAsync(post.Id, Ct);
        await one.Client.CommentAsync(post.Id, "of one", null, Ct);
        await one.Client.BlockAsync(other.Id, Ct);

        Assert.Equal("person_not_found", (await other.Client.SendAsync("GET", $"/v1/people/{one.Id}").ProblemAsync(HttpStatusCode.NotFound)).Code);
        Assert.Equal([other.Id], (await other.Client.FollowersAsync(third.Id, null, null, Ct)).Items.Select(p => p.Id));
        Assert.Empty((await other.Client.LikersAsync(post.Id, null, null, Ct)).Items);
        Assert.Empty((await other.Client.CommentsAsync(post.Id, null, null, Ct)).Items);
        Assert.Equal([other.Id], (await one.Client.BlocksAsync(null, null, Ct)).Items.Select(p => p.Id));
        Assert.True((await one.Client.PersonAsync(other.Id, Ct)).Tie!.Blocks);
        Assert.Equal("blocked", (await one.Client.SendAsync("PUT", $"/v1/me/following/{other.Id}").ProblemAsync(HttpStatusCode.Conflict)).Code);
        Assert.Equal(Nothing, await one.Client.UnblockAsync(other.Id, Ct));
        Assert.Equal(one.Id, (await other.Client.PersonAsync(one.Id, Ct)).Id);
    }

    [Fact]
    public async Task An_audience_list_is_filled_read_and_removed()
    {
        var (owner, member) = (await server.JoinAsync("owner"), await server.JoinAsync("member"));
        var list = await owner.Client.AddAudienceAsync("some", Ct);
        Assert.Equal(new AudienceView(list.Id, "some", 1), await owner.Client.AddAudienceMemberAsync(list.Id, member.Id, Ct));
        Assert.Equal(new AudienceView(list.Id, "some", 1), await owner.Client.AddAudienceMemberAsync(list.Id, member.Id, Ct));
        Assert.Equal([member.Id], (await owner.Client.AudienceMembersAsync(list.Id, null, null, Ct)).Items.Select(p => p.Id));
        Assert.Equal([new AudienceView(list.Id, "some", 1)], (await owner.Client.AudiencesAsync(Ct)).Items);
        Assert.Equal("person_not_found", (await owner.Client.SendAsync("PUT", $"/v1/me/audiences/{list.Id}/members/999999")
            .ProblemAsync(HttpStatusCode.NotFound)).Code);
        Assert.Equal(0, (await owner.Client.RemoveAudienceMemberAsync(list.Id, member.Id, Ct)).Members);
        await owner.Client.RemoveAudienceAsync(list.Id, Ct);
        Assert.Empty((await owner.Client.AudiencesAsync(Ct)).Items);
    }
}
