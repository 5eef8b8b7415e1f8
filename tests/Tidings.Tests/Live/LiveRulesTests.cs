using CsCheck;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Live;

public sealed class LiveRulesTests
{
    private static readonly UserId Author = new(1), Reader = new(2);

    private static readonly Gen<PostHeader> Headers = Gen.Select(Gen.Enum<Audience>(), Gen.Bool, Gen.Int[0, 2]).Select((audience, deleted, version) =>
        new PostHeader(new PostId(9), Author, PostType.Text, audience, default, deleted, version, 0, default));

    [Fact]
    public void What_may_not_be_seen_is_told_to_nobody_who_does_not_know_of_it_already() =>
        Gen.Select(Headers, Gen.UShort[0, 511], Gen.Bool, Gen.Bool, Gen.Enum<LiveKind>()).Sample((post, tie, inAudience, watched, kind) =>
        {
            if (kind == LiveKind.Notification) return;
            var told = LiveRules.Decide(kind, Reader, post, (Tie)tie, inAudience, watched);
            var then = kind == LiveKind.Gone ? post with { Deleted = false } : post;
            var visible = Visibility.CanSee(Reader, then, (Tie)tie, inAudience) == Sight.Visible;
            if (!visible)
                Assert.Equal(watched && kind != LiveKind.Posted ? FrameKind.Gone : FrameKind.Skip, told);
            if (told == FrameKind.Posted)
                Assert.Equal(Sight.Visible, Visibility.CanSeeInFeed(Reader, post, (Tie)tie, inAudience, hidden: false));
            if (told == FrameKind.Edited)
                Assert.True(visible);
        });

    [Theory]
    [InlineData(Tie.Follows, false, FrameKind.Edited)]
    [InlineData(Tie.Follows | Tie.Mutes, false, FrameKind.Skip)]
    [InlineData(Tie.None, false, FrameKind.Skip)]
    [InlineData(Tie.None, true, FrameKind.Edited)]
    [InlineData(Tie.Follows | Tie.Mutes, true, FrameKind.Edited)]
    [InlineData(Tie.Blocks, true, FrameKind.Gone)]
    [InlineData(Tie.BlockedBy, false, FrameKind.Skip)]
    public void An_edit_is_told_to_those_whose_feed_or_screen_has_the_post(Tie tie, bool watched, FrameKind expected)
    {
        var post = new PostHeader(new PostId(9), Author, PostType.Text, Audience.Public, default, false, 2, 5, default);
        Assert.Equal(expected, LiveRules.Decide(LiveKind.Edited, Reader, post, tie, false, watched));
    }
}
