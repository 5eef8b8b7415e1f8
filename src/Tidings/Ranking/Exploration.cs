namespace Tidings.Ranking;

/// <summary>
/// A little chance at the top of a share of first pages, so that logged pages can tell what another order would have brought. On such a page the
/// first k posts are shuffled, each order as likely as any other. So, over all pages of the profile, the post that ranks at one of these places
/// <c>(1 − share) + share / k</c> of the time stands there, and <c>share / k</c> of the time at each of the other k − 1: its propensity. Below,
/// and without exploration, it is 1. The dice are a hash of reader and time: nothing is stored to throw them.
/// </summary>
public static class Exploration
{
    private const ulong Salt = 0x7469_6469_6e67_7331;

    /// <param name="places">Gets the ranks, 0 to k − 1, in the order in which they are shown; k is its length.</param>
    /// <returns>Whether this page is shuffled; the places are in their own order where not.</returns>
    public static bool Shuffle(float share, ulong seed, Span<int> places)
    {
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        var dice = Mixing.Mix(seed ^ Salt);
        if (Mixing.Fraction(dice) >= share)
            return false;
        for (var i = places.Length - 1; i > 0; i--)
        {
            dice = Mixing.Mix(dice);
            var j = (int)(Mixing.Fraction(dice) * (i + 1));
            (places[i], places[j]) = (places[j], places[i]);
        }
        return true;
    }

    /// <param name="rank">Where the post ranks, from 0.</param>
    /// <param name="shownAt">Where it stood, from 0.</param>
    /// <param name="top">k: how many places are shuffled on an explored page; fewer than 2 means none.</param>
    public static float Propensity(float share, int top, int rank, int shownAt)
    {
        if (top < 2 || rank >= top || shownAt >= top)
            return 1;
        return rank == shownAt ? 1 - share + share / top : share / top;
    }
}

/// <summary>SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): spreads the bits of a number over all of another.</summary>
public static class Mixing
{
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <returns>0 to 1, without 1.</returns>
    public static double Fraction(ulong mixed) => (mixed >> 11) * (1.0 / (1UL << 53));
}
