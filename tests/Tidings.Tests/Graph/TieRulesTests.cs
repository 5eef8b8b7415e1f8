using CsCheck;
using Tidings.Graph;
using Xunit;

namespace Tidings.Tests.Graph;

public sealed class TieRulesTests
{
    private static readonly Gen<(bool FromA, TieAction Action)[]> Lives =
        Gen.Select(Gen.Bool, Gen.Int[1, 12].Select(i => (TieAction)i)).Array[0, 40];

    /// <summary>Plays a life of two people and gives the tie of each.</summary>
    private static (Tie A, Tie B) Play((bool FromA, TieAction Action)[] life)
    {
        var (a, b) = (Tie.None, Tie.None);
        foreach (var (fromA, action) in life)
        {
            var decided = TieRules.Decide(fromA ? a : b, action);
            if (!decided.IsOk)
                continue;
            if (fromA) (a, b) = (decided.Value, TieRules.Mirror(decided.Value, b));
            else (b, a) = (decided.Value, TieRules.Mirror(decided.Value, a));
        }
        return (a, b);
    }

    [Fact]
    public void Both_sides_always_tell_the_same_story() => Lives.Sample(life =>
    {
        var (a, b) = Play(life);
        Assert.Equal(a.HasFlag(Tie.Follows), b.HasFlag(Tie.FollowedBy));
        Assert.Equal(a.HasFlag(Tie.FollowedBy), b.HasFlag(Tie.Follows));
        Assert.Equal(a.HasFlag(Tie.Friend), b.HasFlag(Tie.Friend));
        Assert.Equal(a.HasFlag(Tie.RequestSent), b.HasFlag(Tie.RequestReceived));
        Assert.Equal(a.HasFlag(Tie.Blocks), b.HasFlag(Tie.BlockedBy));
        Assert.Equal(b.HasFlag(Tie.Blocks), a.HasFlag(Tie.BlockedBy));
    });

    [Fact]
    public void Nothing_binds_two_people_between_whom_a_block_stands() => Lives.Sample(life =>
    {
        var (a, _) = Play(life);
        if ((a & (Tie.Blocks | Tie.BlockedBy)) != 0)
            Assert.Equal(Tie.None, a & ~(Tie.Blocks | Tie.BlockedBy | Tie.Mutes));
    });

    [Fact]
    public void An_action_that_is_repeated_changes_nothing() =>
        Gen.Select(Lives, Gen.Int[1, 12].Select(i => (TieAction)i)).Sample((life, action) =>
        {
            var (a, _) = Play(life);
            var once = TieRules.Decide(a, action);
            if (once.IsOk)
                Assert.Equal(once.Value, TieRules.Decide(once.Value, action).Value);
        });

    [Fact]
    public void Only_friends_are_close_friends() => Lives.Sample(life =>
    {
        var (a, b) = Play(life);
        Assert.True(a.HasFlag(Tie.Friend) || !(a | b).HasFlag(Tie.CloseFriend));
    });

    [Fact]
    public void A_block_is_told_as_a_person_who_is_not_there()
    {
        var rejection = TieRules.Decide(Tie.BlockedBy, TieAction.Follow).Rejection;
        Assert.Equal(Rejection.NotFound("person"), rejection);
    }

    [Fact]
    public void The_numbers_of_ties_actions_and_lists_are_frozen()
    {
        Assert.Equal("None=0 Follows=1 FollowedBy=2 Friend=4 RequestSent=8 RequestReceived=16 Blocks=32 BlockedBy=64 Mutes=128 CloseFriend=256", Numbers<Tie>());
        Assert.Equal("Follow=1 Unfollow=2 RequestFriend=3 AcceptFriend=4 DropRequest=5 Unfriend=6 Block=7 Unblock=8 Mute=9 Unmute=10 AddCloseFriend=11 RemoveCloseFriend=12 Erase=13", Numbers<TieAction>());
        Assert.Equal("Following=1 Followers=2 Friends=3 RequestsSent=4 RequestsReceived=5 Blocked=6 BlockedBy=7 Muted=8 CloseFriends=9", Numbers<TieList>());
    }

    private static string Numbers<T>() where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value, null)}"));
}
