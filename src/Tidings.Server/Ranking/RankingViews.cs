using Tidings.Client.Wire;
using Tidings.Ranking;

namespace Tidings.Server.Ranking;

/// <summary>Profiles and experiments on the wire.</summary>
internal static class RankingViews
{
    /// <param name="unnamed">What is changed where no preset is named.</param>
    /// <returns>The preset with what is to be otherwise; <c>invalid_field</c> for a preset that isn't there. Ranges are checked where it is used.</returns>
    public static Result<RankingProfile> Profile(RankingRequest asked, RankingProfile unnamed)
    {
        var preset = unnamed;
        if (asked.Preset is not null && !RankingPresets.All.TryGetValue(asked.Preset, out preset))
            return Rejection.Invalid("preset", $"One of: {string.Join(", ", RankingPresets.All.Keys)}.");
        if (asked.HalfLifeMinutes is not (null or (>= 1 and <= 525_600)))
            return Rejection.Invalid("half_life_minutes", "A number from 1 to 525600.");
        return preset with
        {
            Prior = asked.Prior ?? preset.Prior,
            LikeWeight = asked.LikeWeight ?? preset.LikeWeight,
            CommentWeight = asked.CommentWeight ?? preset.CommentWeight,
            ShareWeight = asked.ShareWeight ?? preset.ShareWeight,
            AffinityWeight = asked.AffinityWeight ?? preset.AffinityWeight,
            Decay = asked.Decay is { } decay ? (Decay)decay : preset.Decay,
            HalfLife = asked.HalfLifeMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : preset.HalfLife,
            TypePreference = asked.TypePreference is { } types ? [types.Text, types.Image, types.Video, types.Link] : preset.TypePreference,
            UseModel = asked.UseModel ?? preset.UseModel,
            HeadWeights = asked.HeadWeights is { } heads ? new HeadWeights(heads.Like, heads.Comment, heads.Share, heads.Hide) : preset.HeadWeights,
            FairnessMax = asked.FairnessMax ?? preset.FairnessMax,
            SeenLast = asked.SeenLast ?? preset.SeenLast,
            PerAuthorMax = asked.PerAuthorMax ?? preset.PerAuthorMax,
            ExploreShare = asked.ExploreShare ?? preset.ExploreShare,
            ExploreTop = asked.ExploreTop ?? preset.ExploreTop,
        };
    }

    public static RankingProfileView View(RankingProfile profile)
    {
        var (types, heads) = (profile.TypePreference, profile.HeadWeights);
        return new RankingProfileView(
            profile.Prior, profile.LikeWeight, profile.CommentWeight, profile.ShareWeight, profile.AffinityWeight, (RankingDecay)profile.Decay,
            profile.HalfLife.TotalMinutes, new TypePreferenceView(types[0], types[1], types[2], types[3]), profile.UseModel,
            new HeadWeightsView(heads.Like, heads.Comment, heads.Share, heads.Hide), profile.FairnessMax, profile.SeenLast, profile.PerAuthorMax,
            profile.ExploreShare, profile.ExploreTop);
    }

    public static Result<IReadOnlyList<Variant>> Variants(IEnumerable<VariantRequest> asked, RankingProfile now)
    {
        var variants = new List<Variant>();
        foreach (var one in asked)
        {
            var profile = Profile(one.Ranking, now);
            if (!profile.IsOk)
                return profile.Rejection;
            variants.Add(new Variant(one.Name, one.Share, profile.Value));
        }
        return variants;
    }

    public static ExperimentView View(Experiment experiment) => new(
        experiment.Name, At(experiment.StartedUnixMs), experiment.IsRunning ? null : At(experiment.EndedUnixMs),
        experiment.IsRunning ? null : experiment.EndReason, experiment.RiseMax,
        [.. experiment.Variants.Select(variant => new VariantView(variant.Name, variant.Share, View(variant.Profile)))]);

    public static ExperimentReportView View(Experiment experiment, IReadOnlyList<VariantReport> variants) => new(
        View(experiment),
        [.. variants.Select(variant => new VariantReportView(
            variant.Name, variant.Share, variant.Readers, variant.Pages, variant.HidesEvidence, variant.ErrorsEvidence,
            [.. variant.Metrics.Select(metric => new MetricView(
                metric.Name, View(metric.PerReader), metric.Difference is { } difference ? View(difference) : null))]))]);

    private static EstimateView View(Estimate estimate) => new(estimate.Mean, estimate.Low, estimate.High);

    private static DateTimeOffset At(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
