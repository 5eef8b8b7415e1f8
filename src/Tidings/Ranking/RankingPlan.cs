namespace Tidings.Ranking;

/// <summary>All that decides how one reader's page is ranked: a profile, the model that it uses, and the experiment's variant that they are of.</summary>
/// <param name="Model">Null where the first pass ranks.</param>
/// <param name="Variant"><c>experiment/variant</c>, or empty.</param>
/// <param name="Share">Of the readers, who have this plan: 0 to 1.</param>
public sealed record RankingPlan(RankingProfile Profile, IRankingModel? Model, string Variant = "", float Share = 1)
{
    /// <summary>The experiment's id; 0 without one.</summary>
    public uint ExperimentId { get; init; }

    /// <summary>The variant's place in the experiment.</summary>
    public byte VariantAt { get; init; }

    public FirstPass FirstPass { get; } = new(Profile);

    /// <summary>What the model's predictions are worth, with the lift for rare posters: from a row of features alone, so that a logged page can
    /// be scored again bit for bit.</summary>
    public float FinalScore(ReadOnlySpan<float> features, ReadOnlySpan<float> heads) => FinalScore(heads, Lift(features));

    /// <summary>The same where the lift is known.</summary>
    public float FinalScore(ReadOnlySpan<float> heads, float lift) => Fairness.Apply(Profile.HeadWeights.Score(heads), lift);

    /// <summary>The author's lift, from a row of features of any post of theirs.</summary>
    public float Lift(ReadOnlySpan<float> features) => Profile.FairnessMax * MathF.Exp(-features[Features.AuthorRate]);
}

/// <summary>A model can't predict just now: the page is ranked by the first pass.</summary>
public sealed class RankingModelException(string message, Exception? cause = null) : Exception(message, cause);
