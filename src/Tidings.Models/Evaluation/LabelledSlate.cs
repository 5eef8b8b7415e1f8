using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>What came of a candidate.</summary>
[Flags]
public enum Outcome : byte
{
    None = 0,
    Like = 1 << Heads.Like,
    Comment = 1 << Heads.Comment,
    Share = 1 << Heads.Share,
    Hide = 1 << Heads.Hide,
}

/// <summary>The candidates that a reader had at a moment, and what came of each: what training learns from and evaluation is held against.</summary>
/// <param name="Reader">Any name; intervals are taken over readers, since what one reader does is no independent news.</param>
/// <param name="Ids">A number for each candidate that breaks ties without telling anything: see <see cref="SlateOrder"/>.</param>
/// <param name="Facts">For the formulas.</param>
/// <param name="Features">A row of <see cref="Ranking.Features.Count"/> for each candidate, for models.</param>
public sealed record LabelledSlate(string Reader, long UnixMs, ulong[] Ids, CandidateFacts[] Facts, float[] Features, Outcome[] Outcomes)
{
    public int Count => Facts.Length;

    /// <summary>What the outcome is worth: the seed's weights of the heads. A hide is worth nothing, and nDCG knows no less.</summary>
    public static double Gain(Outcome outcome) => (outcome & Outcome.Hide) != 0
        ? 0
        : ((outcome & Outcome.Like) != 0 ? 1 : 0) + ((outcome & Outcome.Comment) != 0 ? 2 : 0) + ((outcome & Outcome.Share) != 0 ? 3 : 0);

    /// <summary>There is something to be found and something to be told apart from it.</summary>
    public bool IsTelling
    {
        get
        {
            var good = Outcomes.Count(outcome => Gain(outcome) > 0);
            return good > 0 && good < Count;
        }
    }
}
