using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Posts;

public sealed class VisibilityTests
{
    private static readonly UserId Author = new(1), Viewer = new(2);

    private static PostHeader Post(Audience audience, bool deleted = false) =>
        new(new PostId(1), Author, PostType.Text, audience, new AudienceListId(audience == Audience.Custom ? 1u : 0), deleted, 1, 0, default);

    [Theory]
    [InlineData(Audience.Public, Tie.None, false, Sight.Visible)]
    [InlineData(Audience.Friends, Tie.None, false, Sight.NotFriends)]
    [InlineData(Audience.Friends, Tie.Follows, false, Sight.NotFriends)]
    [InlineData(Audience.Friends, Tie.Friend, false, Sight.Visible)]
    [InlineData(Audience.Custom, Tie.Friend | Tie.Follows, false, Sight.NotInAudience)]
    [InlineData(Audience.Custom, Tie.None, true, Sight.Visible)]
    [InlineData(Audience.Public, Tie.Blocks, false, Sight.Blocked)]
    [InlineData(Audience.Public, Tie.BlockedBy | Tie.Follows, false, Sight.Blocked)]
    [InlineData(Audience.Custom, Tie.BlockedBy, true, Sight.Blocked)]
    public void A_post_is_seen_by_its_audience_unless_a_block_stands_between(Audience audience, Tie tie, bool inAudience, Sight sight) =>
        Assert.Equal(sight, Visibility.CanSee(Viewer, Post(audience), tie, inAudience));

    [Theory]
    [InlineData(Audience.Public)]
    [InlineData(Audience.Friends)]
    [InlineData(Audience.Custom)]
    public void Authors_see_their_own_posts_until_they_delete_them(Audience audience)
    {
        Assert.Equal(Sight.Visible, Visibility.CanSee(Author, Post(audience), Tie.None, false));
        Assert.Equal(Sight.Deleted, Visibility.CanSee(Author, Post(audience, deleted: true), Tie.None, false));
    }

    [Theory]
    [InlineData(Tie.Follows, false, Sight.Visible)]
    [InlineData(Tie.None, false, Sight.Unfollowed)]
    [InlineData(Tie.Friend, false, Sight.Unfollowed)]
    [InlineData(Tie.Follows | Tie.Mutes, false, Sight.Muted)]
    [InlineData(Tie.Follows, true, Sight.Hidden)]
    public void A_feed_shows_what_is_followed_and_neither_muted_nor_hidden(Tie tie, bool hidden, Sight sight)
    {
        Assert.Equal(sight, Visibility.CanSeeInFeed(Viewer, Post(Audience.Public), tie, false, hidden));
        Assert.Equal(Sight.Visible, Visibility.CanSee(Viewer, Post(Audience.Public), tie, false));
    }

    [Fact]
    public void What_is_not_there_is_missing() => Assert.Equal(Sight.Missing, Visibility.CanSee(Viewer, default, Tie.None, false));

    [Fact]
    public void The_numbers_of_types_and_audiences_are_frozen()
    {
        Assert.Equal([(PostType)0, (PostType)1, (PostType)2, (PostType)3], [PostType.Text, PostType.Image, PostType.Video, PostType.Link]);
        Assert.Equal([(Audience)0, (Audience)1, (Audience)2], [Audience.Public, Audience.Friends, Audience.Custom]);
    }
}
