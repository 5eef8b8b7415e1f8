namespace Tidings.Server.Simulation;

/// <summary>How busy a network is over a day of UTC: quiet at four in the morning, a hump at noon, busiest at nine in the evening.</summary>
internal static class Rhythm
{
    /// <summary>Of each hour, in parts of the busiest one.</summary>
    private static readonly double[] Hours =
    [
        0.34, 0.20, 0.12, 0.08, 0.07, 0.10, 0.20, 0.38, 0.54, 0.60, 0.62, 0.66,
        0.76, 0.72, 0.64, 0.62, 0.66, 0.74, 0.82, 0.90, 0.97, 1.00, 0.86, 0.58,
    ];

    private const long HourMs = 3_600_000;

    /// <summary>The mean over a day.</summary>
    private static readonly double Mean = Hours.Average();

    /// <param name="night">How much the hour matters: 1 as it is, 0 not at all.</param>
    public static double MeanOf(double night) => 1 - night + night * Mean;

    /// <inheritdoc cref="MeanOf"/>
    public static double At(long unixMs, double night) => 1 - night + night * At(unixMs);

    /// <summary>0 to 1, linear between the middles of the hours.</summary>
    private static double At(long unixMs)
    {
        var hours = (double)(unixMs % (24 * HourMs)) / HourMs - 0.5;
        var from = (int)Math.Floor(hours);
        var (a, b) = (Hours[(from + 24) % 24], Hours[(from + 25) % 24]);
        return a + (b - a) * (hours - from);
    }
}
