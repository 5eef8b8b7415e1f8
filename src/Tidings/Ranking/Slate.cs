using Tidings.People;
using Tidings.Posts;

namespace Tidings.Ranking;

/// <param name="Position">Place on the page, from 0; −1 where the candidate was not on it.</param>
/// <param name="Propensity">The probability, given the plan, that it stood there.</param>
public readonly record struct SlateEntry(PostId Post, UserId Author, int Position, float Propensity, float Score);

/// <summary>A page as it was served: what was known of which candidates, and where each stood. What a model learns from, see docs/ranking.md.</summary>
public sealed class Slate
{
    public const int CandidatesMax = RankingProfile.SecondPassMax;

    public UserId Reader { get; set; }

    public long UnixMs { get; set; }

    /// <summary>See <see cref="RankingPlan.Variant"/> and <see cref="RankingPlan.Share"/>.</summary>
    public string Variant { get; set; } = "";

    public float Share { get; set; } = 1;

    /// <summary>Candidates; the first ones of <see cref="Entries"/>.</summary>
    public int Count { get; set; }

    public SlateEntry[] Entries { get; } = new SlateEntry[CandidatesMax];

    /// <summary>A row of <see cref="Features.Count"/> for each.</summary>
    public float[] FeatureRows { get; } = new float[CandidatesMax * Features.Count];

    public ReadOnlySpan<float> FeaturesOf(int candidate) => FeatureRows.AsSpan(candidate * Features.Count, Features.Count);
}
