using System.Text.RegularExpressions;
using Tidings.People;

namespace Tidings.Ranking;

/// <summary>One way of ranking that is tried.</summary>
/// <param name="Name">1 to 40 of a–z, 0–9 and -.</param>
/// <param name="Share">Of all readers, who get it. 0.001 to 1.</param>
public sealed record Variant(string Name, float Share, RankingProfile Profile);

/// <summary>
/// Several ways of ranking, each for a share of the readers; the others keep what everybody has. Who gets which is a hash of the reader salted with
/// the experiment's name: the same at each read and after each start, and unrelated to any other experiment's. The first variant is the control that
/// the others are held against. A <see cref="Guardrail"/> may end it.
/// </summary>
/// <param name="Id">From 1; under it the record keeps the figures.</param>
/// <param name="Name">1 to 40 of a–z, 0–9 and -.</param>
/// <param name="EndedUnixMs">0 while it runs.</param>
/// <param name="EndReason">Why it ended: <c>stopped</c> or what a guardrail saw.</param>
/// <param name="RiseMax">The rise of hides or errors over the control that is put up with. 0 to 10; default 0.2, a fifth.</param>
public sealed partial record Experiment(
    uint Id, string Name, long StartedUnixMs, long EndedUnixMs, string EndReason, float RiseMax, IReadOnlyList<Variant> Variants)
{
    public const int VariantsMax = 10;

    public const float RiseMaxDefault = 0.2f;

    public bool IsRunning => EndedUnixMs == 0;

    /// <returns>The field at fault and its rule, or null.</returns>
    public Rejection? Check()
    {
        if (!NameForm().IsMatch(Name) || Variants.Any(variant => !NameForm().IsMatch(variant.Name)))
            return Rejection.Invalid("name", "A name has 1 to 40 of a-z, 0-9 and -.");
        if (Variants.Count is < 2 or > VariantsMax || Variants.DistinctBy(variant => variant.Name).Count() < Variants.Count)
            return Rejection.Invalid("variants", $"An experiment has 2 to {VariantsMax} variants of different names, the control first.");
        if (Variants.Any(variant => variant.Share is not (>= 0.001f and <= 1)) || Variants.Sum(variant => variant.Share) > 1.0001f)
            return Rejection.Invalid("share", "A share is 0.001 to 1, and all together are at most 1.");
        if (RiseMax is not (>= 0 and <= 10))
            return Rejection.Invalid("rise_max", "A number from 0 to 10.");
        return Variants.Select(variant => variant.Profile.Check()).FirstOrDefault(wrong => wrong is not null);
    }

    /// <returns>The variant's place in <see cref="Variants"/>, or −1 for a reader who is not in the experiment.</returns>
    public int VariantOf(UserId reader)
    {
        var at = Mixing.Fraction(Mixing.Mix(Mixing.Mix((ulong)reader.Value) ^ Salt));
        for (var i = 0; i < Variants.Count; i++)
        {
            at -= Variants[i].Share;
            if (at < 0)
                return i;
        }
        return -1;
    }

    private ulong Salt { get; } = Name.Aggregate(14695981039346656037ul, (hash, c) => (hash ^ c) * 1099511628211);

    [GeneratedRegex("^[a-z0-9-]{1,40}$")]
    private static partial Regex NameForm();
}

/// <summary>What one reader did since they first got a page of the experiment.</summary>
/// <param name="Errors">Pages that the variant's model could not score.</param>
public readonly record struct Tally(UserId Reader, byte Variant, int Pages, int Errors, int Likes, int Comments, int Shares, int Hides);
