using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Graph;

public sealed class SeePeopleTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(150)]
    public async Task A_page_is_filled_up_over_people_who_are_out_of_sight(int hidden)
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 1_000);
        var (owner, viewer) = (await tidings.JoinAsync("owner"), await tidings.JoinAsync("viewer"));
        var seen = new List<UserId>();
        for (var i = 0; i < hidden + 5; i++)
        {
            var follower = await tidings.JoinAsync($"follower{i}");
            await tidings.ChangeTie.ExecuteAsync(follower, TieAction.Follow, owner, None);
            if (i is > 0 && i <= hidden)
                await tidings.ChangeTie.ExecuteAsync(follower, TieAction.Block, viewer, None);
            else
                seen.Add(follower);
        }

        var (first, next) = (await tidings.SeePeople.ListAsync(viewer, owner, TieList.Followers, default, 3, None)).Value;
        Assert.Equal(seen[..3], first);
        var (rest, end) = (await tidings.SeePeople.ListAsync(viewer, owner, TieList.Followers, next, 3, None)).Value;
        Assert.Equal(seen[3..], rest);
        Assert.Equal(default, end);
    }

    [Fact]
    public async Task Who_is_out_of_sight_does_not_make_it_look_as_if_there_were_a_next_page()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 1_000);
        var (owner, viewer) = (await tidings.JoinAsync("owner"), await tidings.JoinAsync("viewer"));
        var post = (await tidings.Publish.ExecuteAsync(new NewPost(owner, PostType.Text, Audience.Public, default, new PostBody("a", [])), null, None)).Value.Id;
        for (var i = 0; i < 6; i++)
        {
            var other = await tidings.JoinAsync($"other{i}");
            await tidings.ChangeTie.ExecuteAsync(other, TieAction.Follow, owner, None);
            await tidings.Mark.ExecuteAsync(other, post, Mark.Like, true, None);
            await tidings.Comment.ExecuteAsync(other, post, $"{i}", null, None);
            if (i >= 3)
                await tidings.ChangeTie.ExecuteAsync(viewer, TieAction.Block, other, None);
        }

        var (followers, next) = (await tidings.SeePeople.ListAsync(viewer, owner, TieList.Followers, default, 3, None)).Value;
        Assert.Equal((3, default), (followers.Count, next));
        var (likers, afterLikers) = (await tidings.ReadEngagement.MarkersAsync(viewer, post, Mark.Like, default, 3, None)).Value;
        Assert.Equal((3, default), (likers.Count, afterLikers));
        var (comments, afterComments) = (await tidings.ReadEngagement.CommentsAsync(viewer, post, default, 3, None)).Value;
        Assert.Equal((3, default), (comments.Count, afterComments));
        var (whole, _) = (await tidings.ReadEngagement.CommentsAsync(owner, post, default, 10, None)).Value;
        Assert.Equal(6, whole.Count);
    }

    [Fact]
    public async Task Ones_own_lists_hide_nobody()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 1_000);
        var (me, other) = (await tidings.JoinAsync("me"), await tidings.JoinAsync("other"));
        await tidings.ChangeTie.ExecuteAsync(me, TieAction.Block, other, None);
        var (blocked, _) = (await tidings.SeePeople.ListAsync(me, me, TieList.Blocked, default, 10, None)).Value;
        Assert.Equal([other], blocked);
        Assert.Equal("person_not_found", (await tidings.SeePeople.ListAsync(other, me, TieList.Followers, default, 10, None)).Rejection?.Code);
    }
}
