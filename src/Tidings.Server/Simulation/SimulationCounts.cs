namespace Tidings.Server.Simulation;

/// <summary>What came of a simulation so far.</summary>
/// <param name="Refused">Actions that the network answered with a rejection, and reactions to posts that are not there.</param>
/// <param name="LastUnixMs">The time of the newest action.</param>
public readonly record struct SimulationCounts(long Posts, long Likes, long Comments, long Shares, long Hides, long Refused, long LastUnixMs)
{
    public long Actions => Posts + Likes + Comments + Shares + Hides + Refused;

    public SimulationCounts With(in SimulatedAction action, bool done)
    {
        var counts = this with { LastUnixMs = Math.Max(LastUnixMs, action.UnixMs) };
        if (!done)
            return counts with { Refused = Refused + 1 };
        return action.Kind switch
        {
            ActionKind.Post => counts with { Posts = Posts + 1 },
            ActionKind.Like => counts with { Likes = Likes + 1 },
            ActionKind.Comment => counts with { Comments = Comments + 1 },
            ActionKind.Share => counts with { Shares = Shares + 1 },
            _ => counts with { Hides = Hides + 1 },
        };
    }
}
