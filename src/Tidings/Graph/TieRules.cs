namespace Tidings.Graph;

/// <summary>
/// What each action does to a tie. Pure: every record calls it inside its own transaction, so the rules are the same on all of them.
/// 1. Friends follow each other: accepting makes both follows, unfriending ends both.
/// 2. A block ends follows, friendship and requests in both directions, and nothing of the kind can start while it lasts.
/// 3. A blocked person can't tell a block from a person who isn't there.
/// 4. Every action may be repeated: what is already so stays so, and the answer is the same.
/// </summary>
public static class TieRules
{
    /// <summary>The flags that both people share knowledge of.</summary>
    private const Tie Bonds = Tie.Follows | Tie.FollowedBy | Tie.Friend | Tie.RequestSent | Tie.RequestReceived;

    /// <returns>The actor's next tie to the other.</returns>
    public static Result<Tie> Decide(Tie now, TieAction action)
    {
        var opens = action is TieAction.Follow or TieAction.RequestFriend or TieAction.AcceptFriend or TieAction.AddCloseFriend;
        if (opens && now.HasFlag(Tie.BlockedBy))
            return Rejection.NotFound("person");
        if (opens && now.HasFlag(Tie.Blocks))
            return new Rejection(RejectionKind.Conflict, "blocked", "You block this person: unblock first.");

        return action switch
        {
            TieAction.Follow => now | Tie.Follows,
            TieAction.Unfollow => now & ~Tie.Follows,
            TieAction.RequestFriend when now.HasFlag(Tie.Friend) => now,
            TieAction.RequestFriend when now.HasFlag(Tie.RequestReceived) => Befriend(now),
            TieAction.RequestFriend => now | Tie.RequestSent,
            TieAction.AcceptFriend when now.HasFlag(Tie.Friend) => now,
            TieAction.AcceptFriend when now.HasFlag(Tie.RequestReceived) => Befriend(now),
            TieAction.AcceptFriend => Rejection.NotFound("request"),
            TieAction.DropRequest => now & ~(Tie.RequestSent | Tie.RequestReceived),
            TieAction.Unfriend when now.HasFlag(Tie.Friend) => now & ~(Tie.Friend | Tie.Follows | Tie.FollowedBy | Tie.CloseFriend),
            TieAction.Unfriend => now,
            TieAction.Block => (now & ~(Bonds | Tie.CloseFriend)) | Tie.Blocks,
            TieAction.Unblock => now & ~Tie.Blocks,
            TieAction.Mute => now | Tie.Mutes,
            TieAction.Unmute => now & ~Tie.Mutes,
            TieAction.AddCloseFriend when !now.HasFlag(Tie.Friend) =>
                new Rejection(RejectionKind.Conflict, "not_friends", "Only a friend can be a close friend."),
            TieAction.AddCloseFriend => now | Tie.CloseFriend,
            TieAction.RemoveCloseFriend => now & ~Tie.CloseFriend,
            TieAction.Erase => Tie.None,
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };
    }

    /// <summary>The other person's tie after the actor's became <paramref name="tie"/>; <paramref name="others"/> is what it was.</summary>
    public static Tie Mirror(Tie tie, Tie others)
    {
        var mirrored = others & (Tie.Mutes | Tie.CloseFriend);
        if (tie.HasFlag(Tie.Follows)) mirrored |= Tie.FollowedBy;
        if (tie.HasFlag(Tie.FollowedBy)) mirrored |= Tie.Follows;
        if (tie.HasFlag(Tie.Friend)) mirrored |= Tie.Friend;
        else mirrored &= ~Tie.CloseFriend;
        if (tie.HasFlag(Tie.RequestSent)) mirrored |= Tie.RequestReceived;
        if (tie.HasFlag(Tie.RequestReceived)) mirrored |= Tie.RequestSent;
        if (tie.HasFlag(Tie.Blocks)) mirrored |= Tie.BlockedBy;
        if (tie.HasFlag(Tie.BlockedBy)) mirrored |= Tie.Blocks;
        return mirrored;
    }

    private static Tie Befriend(Tie now) =>
        (now & ~(Tie.RequestSent | Tie.RequestReceived)) | Tie.Friend | Tie.Follows | Tie.FollowedBy;
}
