using Tidings.Client.Wire;
using Tidings.Graph;

namespace Tidings.Server.Graph;

internal static class Ties
{
    public static TieView View(Tie tie) => new(
        tie.HasFlag(Tie.Follows), tie.HasFlag(Tie.FollowedBy), tie.HasFlag(Tie.Friend), tie.HasFlag(Tie.RequestSent),
        tie.HasFlag(Tie.RequestReceived), tie.HasFlag(Tie.Blocks), tie.HasFlag(Tie.Mutes), tie.HasFlag(Tie.CloseFriend));
}
