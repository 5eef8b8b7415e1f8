namespace Tidings.Graph;

/// <summary>
/// Everything between two people, seen from one of them. <see cref="Mutes"/> and <see cref="CloseFriend"/> are private to the viewer;
/// all the other flags have their mirror on the other side, see <see cref="TieRules.Mirror"/>.
/// </summary>
[Flags]
public enum Tie : ushort
{
    None = 0,
    Follows = 1 << 0,
    FollowedBy = 1 << 1,
    Friend = 1 << 2,
    RequestSent = 1 << 3,
    RequestReceived = 1 << 4,
    Blocks = 1 << 5,
    BlockedBy = 1 << 6,
    Mutes = 1 << 7,
    CloseFriend = 1 << 8,
}

/// <summary>What a person can do about another. The numbers are part of the event format.</summary>
public enum TieAction : byte
{
    Follow = 1,
    Unfollow = 2,
    /// <summary>Asks to be friends; where the other has asked already, accepts.</summary>
    RequestFriend = 3,
    AcceptFriend = 4,
    /// <summary>Declines the other's request or takes back one's own.</summary>
    DropRequest = 5,
    Unfriend = 6,
    Block = 7,
    Unblock = 8,
    Mute = 9,
    Unmute = 10,
    AddCloseFriend = 11,
    RemoveCloseFriend = 12,
    /// <summary>The person is erased, and with them every tie in both directions. Nobody can ask for it.</summary>
    Erase = 13,
}

/// <summary>The lists that a person has, each kept sorted by id.</summary>
public enum TieList : byte
{
    Following = 1,
    Followers = 2,
    Friends = 3,
    RequestsSent = 4,
    RequestsReceived = 5,
    Blocked = 6,
    BlockedBy = 7,
    Muted = 8,
    CloseFriends = 9,
}
