using Tidings.Server.Simulation;

namespace Tidings.Server.Commands;

/// <summary>What a simulation says of itself.</summary>
internal static class SimulateReport
{
    /// <summary>People, follows, and some five friendships for two people.</summary>
    public static double ExpectedTies(SimulatedNetwork network) => network.Graph.Follows + network.Graph.People * 3.5;

    /// <returns>The fraction of the days that has passed, 0 to 1.</returns>
    public static double Passed(in SimulationCounts counts, DateTimeOffset from, DateTimeOffset until) =>
        Math.Clamp((counts.LastUnixMs - from.ToUnixTimeMilliseconds()) / (until - from).TotalMilliseconds, 0, 1);

    public static void Write(TextWriter to, in SimulationCounts counts, TimeSpan took)
    {
        var rate = counts.Actions / Math.Max(0.001, took.TotalSeconds);
        to.WriteLine(FormattableString.Invariant(
            $"{counts.Posts:N0} posts, {counts.Likes:N0} likes, {counts.Comments:N0} comments, {counts.Shares:N0} shares, {counts.Hides:N0} hides"));
        to.WriteLine(FormattableString.Invariant($"in {took.TotalSeconds:N1} s ({rate:N0} actions/s); {counts.Refused:N0} refused."));
    }
}
