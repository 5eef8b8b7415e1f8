namespace Tidings.Affinity;

/// <summary>
/// Affinity in forward-decay form (Cormode et al., "Forward Decay", ICDE 2009). An interaction of weight w at time t counts
/// <c>w · 0.9^(now − t)</c> with time in days. Stored is <c>log2</c> of the sum as it would stand at the landmark, 2006-01-01: the number changes
/// only with an interaction, never with time, so nothing stored goes stale and the order of two affinities never changes by waiting.
/// </summary>
public static class ForwardDecay
{
    /// <summary>The share that a day takes away: the seed's 10 %.</summary>
    public const double DecayPerDay = 0.1;

    /// <summary>No affinity grows above this.</summary>
    public const double ScoreMax = 100;

    /// <summary>The stored form of no affinity at all.</summary>
    public const double Nothing = double.NegativeInfinity;

    private static readonly double Log2PerMs = -Math.Log2(1 - DecayPerDay) / TimeSpan.FromDays(1).TotalMilliseconds;

    /// <returns>0 to <see cref="ScoreMax"/>.</returns>
    public static double Score(double stored, long nowUnixMs) =>
        stored == Nothing ? 0 : Math.Min(ScoreMax, double.Exp2(stored - Elapsed(nowUnixMs)));

    /// <summary>What to store after an interaction.</summary>
    public static double Add(double stored, double weight, long nowUnixMs) =>
        Math.Log2(Math.Min(ScoreMax, Score(stored, nowUnixMs) + weight)) + Elapsed(nowUnixMs);

    private static double Elapsed(long unixMs) => (unixMs - TimeOrderedId.EpochUnixMs) * Log2PerMs;
}

/// <summary>What each kind of interaction adds: the seed's weights.</summary>
public static class InteractionWeights
{
    public const double Message = 10, Share = 8, Comment = 5, Like = 2, ProfileView = 1;
}
