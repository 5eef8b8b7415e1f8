using CsCheck;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Notifications;

public sealed class NotificationListTests
{
    private static readonly UserId Owner = new(1);

    private long _position;

    private NotificationChange Act(
        NotificationOp op, NotificationKind kind, long post, long actor, long source = 0, long unixMs = 1_000) =>
        new(op, Owner, kind, new PostId(post), new UserId(actor), source, ++_position, unixMs);

    private NotificationChange Like(long post, long actor) => Act(NotificationOp.Add, NotificationKind.Like, post, actor);

    [Fact]
    public void Acts_of_one_kind_on_one_post_are_one_while_unread()
    {
        var list = NotificationList.Empty.With(Like(7, 2)).With(Like(8, 2)).With(Like(7, 3));
        Assert.Equal([(3L, 7L), (2L, 8L)], list.Groups.Select(g => (g.Id, g.Post.Value)));
        Assert.Equal([3L, 2L], list.Groups[0].Acts.Select(a => a.Actor.Value));
        Assert.Equal(2, list.Unread(1_000));

        list = list.Read(3).With(Like(7, 4));
        Assert.Equal([(4L, 4L), (1L, 3L), (2L, 2L)], list.Groups.Select(g => (g.Serial, g.Id)));
        Assert.Equal(1, list.Unread(1_000));
    }

    [Fact]
    public void Reading_goes_up_to_an_id_and_never_back()
    {
        var list = NotificationList.Empty.With(Like(7, 2)).With(Like(8, 2)).With(Like(9, 2));
        Assert.Equal(1, list.Read(2).Unread(1_000));
        Assert.Equal(0, list.Read(long.MaxValue).Unread(1_000));
        Assert.Equal(1, list.Read(long.MaxValue).With(Like(10, 2)).Unread(1_000));
        Assert.Same(list.Read(2).Groups, list.Read(2).Read(1).Groups);
        Assert.Equal(2, list.Read(2).Read(1).ReadTo);
    }

    [Fact]
    public void What_is_taken_back_is_gone_from_read_groups_too()
    {
        var list = NotificationList.Empty.With(Like(7, 2)).With(Like(7, 3)).Read(2).With(Like(7, 4));
        list = list.With(Act(NotificationOp.Take, NotificationKind.Like, 7, 2));
        Assert.Equal([[4L], [3L]], list.Groups.Select(g => g.Acts.Select(a => a.Actor.Value).ToArray()));
        list = list.With(Act(NotificationOp.Take, NotificationKind.Like, 7, 4));
        Assert.Equal(0, list.Unread(1_000));
        Assert.Same(list, list.With(Act(NotificationOp.Take, NotificationKind.Share, 7, 3)));
        Assert.Empty(list.With(Act(NotificationOp.Take, default, 7, 0)).Groups);
    }

    [Fact]
    public void Of_two_comments_of_one_person_one_stays_when_the_other_is_deleted()
    {
        var list = NotificationList.Empty
            .With(Act(NotificationOp.Add, NotificationKind.Comment, 7, 2, 100)).With(Act(NotificationOp.Add, NotificationKind.Comment, 7, 2, 101));
        list = list.With(Act(NotificationOp.Take, default, 7, 0, 101));
        Assert.Equal(new NotificationAct(new UserId(2), 100), Assert.Single(Assert.Single(list.Groups).Acts));
        Assert.Empty(list.With(Act(NotificationOp.Take, default, 7, 0, 100)).Groups);
    }

    [Fact]
    public void An_act_that_is_told_once_is_not_told_again()
    {
        var list = NotificationList.Empty.With(Act(NotificationOp.AddOnce, NotificationKind.Mention, 7, 2)).Read(1);
        Assert.Same(list, list.With(Act(NotificationOp.AddOnce, NotificationKind.Mention, 7, 2)));
        Assert.Equal(2, list.With(Act(NotificationOp.AddOnce, NotificationKind.Mention, 8, 2)).Groups.Count);
    }

    [Fact]
    public void Very_many_likes_are_one_group_of_bounded_size_that_tells_how_many()
    {
        var list = NotificationList.Empty;
        for (var liker = 2; liker < 1_002; liker++)
            list = list.With(Like(7, liker));
        var group = Assert.Single(list.Groups);
        Assert.Equal((NotificationGroup.ActsMax, 1_000), (group.Acts.Count, group.Acts.Count + group.Forgotten));
        Assert.Equal(1_001, group.Acts[0].Actor.Value);
    }

    [Fact]
    public void The_oldest_groups_go_past_the_cap_and_past_thirty_days()
    {
        var list = NotificationList.Empty;
        for (var post = 1; post <= NotificationList.GroupsMax + 5; post++)
            list = list.With(Like(post, 2));
        Assert.Equal(NotificationList.GroupsMax, list.Groups.Count);
        Assert.Equal(6, list.Groups[^1].Post.Value);

        var later = (long)NotificationList.Lifetime.TotalMilliseconds + 1_001;
        Assert.Equal(0, list.Unread(later));
        var only = Assert.Single(list.With(Act(NotificationOp.Add, NotificationKind.Like, 2_000, 3, unixMs: later)).Groups);
        Assert.Equal((2_000, later), (only.Post.Value, only.UnixMs));
    }

    [Fact]
    public void A_list_is_always_sorted_bounded_and_counted_right()
    {
        var change = Gen.Select(Gen.Int[1, 4], Gen.Int[4, 6], Gen.Int[1, 3], Gen.Int[2, 5]);
        change.Array[0, 60].Sample(steps =>
        {
            var list = NotificationList.Empty;
            foreach (var (op, kind, post, actor) in steps)
            {
                list = op == 4
                    ? list.Read(_position - 2)
                    : list.With(Act((NotificationOp)op, (NotificationKind)kind, post, actor));
                Assert.Equal(list.Groups.OrderByDescending(g => g.Id).Select(g => g.Id), list.Groups.Select(g => g.Id));
                Assert.Equal(list.Groups.Count(list.IsUnread), list.Unread(1_000));
                Assert.Equal(list.Groups.Count, list.Groups.Select(g => g.Serial).Distinct().Count());
                Assert.All(list.Groups, g => Assert.Equal(g.Acts.Count, g.Acts.Distinct().Count()));
                var open = list.Groups.Where(list.IsUnread).Select(g => (g.Kind, g.Post)).ToList();
                Assert.Equal(open.Count, open.Distinct().Count());
            }
        }, iter: 2_000, threads: 1);
    }
}
