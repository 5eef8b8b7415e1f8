namespace Tidings.Ranking;

/// <summary>
/// Ends an experiment when a variant makes more readers hide posts, or meet errors, than the control does. Safe to look at after every
/// page, as it is.
/// <para>
/// Counted are readers, each once, at their first hide: they come independently of each other, as hides of one reader don't. If the variant's rate is at most
/// (1 + bound) times the control's, then the next such reader is the variant's with a probability of at most
/// <c>q0 = (1 + bound)·s / ((1 + bound)·s + c)</c>, with s and c the shares of the two. Against that stand alternatives with rates r times higher,
/// for r of <see cref="Alternatives"/>. The mean of their likelihood ratios is a test martingale, so by Ville's inequality (1939) it ever reaches
/// 1/α with a probability of at most α, however often one looks and whenever one stops (Ramdas et al., "Game-theoretic statistics and safe
/// anytime-valid inference", Statistical Science 2023). α is 1 %, for each variant and each of the two counts.
/// </para>
/// </summary>
public static class Guardrail
{
    /// <summary>1/α: the evidence that ends an experiment.</summary>
    public const double EvidenceMax = 100;

    private static readonly double[] Alternatives = [1.25, 1.5, 2, 3, 5];

    /// <param name="variant">Readers of the variant to whom it happened; <paramref name="control"/> likewise.</param>
    /// <returns>The evidence against a rate of at most (1 + bound) times the control's: 1 says nothing.</returns>
    public static double Evidence(int variant, int control, float variantShare, float controlShare, float bound)
    {
        var q0 = Odds(1 + bound);
        return Alternatives.Average(rise =>
        {
            var q = Odds((1 + bound) * rise);
            return Math.Exp(variant * Math.Log(q / q0) + control * Math.Log((1 - q) / (1 - q0)));
        });

        double Odds(double rate) => rate * variantShare / (rate * variantShare + controlShare);
    }
}
