namespace Tidings.Ranking;

/// <summary>A mean with the ends of its interval of 95 %.</summary>
public readonly record struct Estimate(double Mean, double Low, double High);

/// <param name="PerReader">What a reader did on average.</param>
/// <param name="Difference">To the control; null for the control itself.</param>
public sealed record MetricReport(string Name, Estimate PerReader, Estimate? Difference);

/// <param name="HidesEvidence">See <see cref="Guardrail"/>; 1 for the control.</param>
public sealed record VariantReport(
    string Name, float Share, int Readers, long Pages, double HidesEvidence, double ErrorsEvidence, IReadOnlyList<MetricReport> Metrics);

/// <summary>
/// How the variants of an experiment compare. The reader is the unit, since it was readers who were dealt out and what one does is no independent
/// news: each has one sum, and intervals are the normal approximation over readers (mean ± 1.96 · s/√n; for differences Welch's). They are of use
/// from some hundred readers on, and hold for one look at the end; what looks all the time is the guardrail.
/// </summary>
public static class ExperimentReport
{
    private const double Z95 = 1.959964;

    private static readonly (string Name, Func<Tally, double> Of)[] Metrics =
    [
        ("value", t => t.Likes + 2.0 * t.Comments + 3.0 * t.Shares - 5.0 * t.Hides),
        ("likes", t => t.Likes), ("comments", t => t.Comments), ("shares", t => t.Shares), ("hides", t => t.Hides),
        ("pages", t => t.Pages), ("errors", t => t.Errors),
    ];

    public static IReadOnlyList<VariantReport> Of(Experiment experiment, IEnumerable<Tally> tallies)
    {
        var byVariant = tallies.ToLookup(tally => (int)tally.Variant);
        var control = byVariant[0].ToList();
        return [.. experiment.Variants.Select((variant, v) =>
        {
            var readers = byVariant[v].ToList();
            return new VariantReport(
                variant.Name, variant.Share, readers.Count, readers.Sum(tally => (long)tally.Pages),
                Evidence(t => t.Hides > 0), Evidence(t => t.Errors > 0),
                [.. Metrics.Select(metric => Metric(metric.Name, Moments(readers, metric.Of), v == 0 ? null : Moments(control, metric.Of)))]);

            double Evidence(Func<Tally, bool> happened) => v == 0
                ? 1
                : Guardrail.Evidence(
                    readers.Count(happened), control.Count(happened), variant.Share, experiment.Variants[0].Share, experiment.RiseMax);
        })];
    }

    private static MetricReport Metric(string name, (double Mean, double SquaredError) variant, (double Mean, double SquaredError)? control) => new(
        name,
        Interval(variant.Mean, variant.SquaredError),
        control is { } c ? Interval(variant.Mean - c.Mean, variant.SquaredError + c.SquaredError) : null);

    private static Estimate Interval(double mean, double squaredError) =>
        new(mean, mean - Z95 * Math.Sqrt(squaredError), mean + Z95 * Math.Sqrt(squaredError));

    /// <returns>The mean and the square of its standard error; nothing is known of fewer than two readers.</returns>
    private static (double Mean, double SquaredError) Moments(List<Tally> readers, Func<Tally, double> of)
    {
        if (readers.Count == 0)
            return (0, 0);
        var mean = readers.Average(of);
        var squares = readers.Sum(tally => (of(tally) - mean) * (of(tally) - mean));
        return (mean, readers.Count < 2 ? 0 : squares / (readers.Count - 1) / readers.Count);
    }
}
