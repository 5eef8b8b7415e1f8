using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>How it goes for a post on the road to a reader's first page, just now.</summary>
/// <param name="Stage">How far it got: <c>candidates</c>, <c>rules</c>, <c>first_pass</c>, <c>diversity</c> or <c>page</c>.</param>
/// <param name="Rule">Why not further: <c>not_a_candidate</c>, <c>missing</c>, <c>deleted</c>, <c>blocked</c>, <c>not_friends</c>,
/// <c>not_in_audience</c>, <c>muted</c>, <c>unfollowed</c>, <c>hidden</c>, <c>beyond_200</c>, <c>per_author_max</c>, <c>seen</c>,
/// <c>below_the_page</c>.</param>
/// <param name="Rank">Its place in the feed, from 1.</param>
/// <param name="Score">What it ranks by.</param>
/// <param name="Variant">The experiment's variant that ranks.</param>
/// <param name="Features">Empty where it isn't ranked.</param>
/// <param name="Heads">The model's predictions, 0 to 1, where it was asked.</param>
/// <param name="Terms">After the model their sum is the score, after the first pass their product.</param>
public sealed record WhyView(
    string Post, bool Shown, string Stage, IReadOnlyDictionary<string, float> Features, IReadOnlyList<ScoreTermView> Terms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rank = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Score = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, float>? Heads = null);

public sealed record ScoreTermView(string Name, float Value);

public enum RankingDecay { Exponential, Hyperbolic, None, HackerNews, RedditHot }

/// <summary>A multiplier for each type of post. Each 0.001 to 1,000.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TypePreferenceView(float Text = 1, float Image = 1, float Video = 1, float Link = 1);

/// <summary>What each act that the model predicts is worth; a hide is taken off. Each 0 to 1,000.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HeadWeightsView(float Like = 1, float Comment = 2, float Share = 3, float Hide = 5);

/// <summary>How candidates are ranked: a preset, and what is to be otherwise. See docs/ranking.md for units and ranges.</summary>
/// <param name="Preset"><c>exponential</c> (default), <c>seed</c>, <c>hacker-news</c>, <c>reddit-hot</c> or <c>chronological</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RankingRequest(
    string? Preset = null, float? Prior = null, float? LikeWeight = null, float? CommentWeight = null, float? ShareWeight = null,
    float? AffinityWeight = null, RankingDecay? Decay = null, double? HalfLifeMinutes = null, TypePreferenceView? TypePreference = null,
    bool? UseModel = null, HeadWeightsView? HeadWeights = null, float? FairnessMax = null, bool? SeenLast = null, int? PerAuthorMax = null,
    float? ExploreShare = null, int? ExploreTop = null);

/// <param name="Preset">The name of the preset that the profile is; null where it is none of them.</param>
/// <param name="Model">Name and version of the model that is loaded; null where there is none.</param>
public sealed record RankingView(RankingProfileView Profile, string? Preset, string? Model, string? Experiment);

public sealed record RankingProfileView(
    float Prior, float LikeWeight, float CommentWeight, float ShareWeight, float AffinityWeight, RankingDecay Decay, double HalfLifeMinutes,
    TypePreferenceView TypePreference, bool UseModel, HeadWeightsView HeadWeights, float FairnessMax, bool SeenLast, int PerAuthorMax,
    float ExploreShare, int ExploreTop);

/// <param name="Name">1 to 40 of a–z, 0–9 and -.</param>
/// <param name="Share">Of all readers, who get it: 0.001 to 1; all together at most 1.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VariantRequest(string Name, float Share, RankingRequest Ranking);

/// <param name="Name">1 to 40 of a–z, 0–9 and -; never used before.</param>
/// <param name="Variants">2 to 10, the control first.</param>
/// <param name="RiseMax">The rise of hides or errors over the control that is put up with. 0 to 10; default 0.2.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExperimentRequest(string Name, IReadOnlyList<VariantRequest> Variants, float? RiseMax = null);

public sealed record VariantView(string Name, float Share, RankingProfileView Ranking);

/// <param name="EndedAt">Null while it runs.</param>
/// <param name="EndReason"><c>stopped</c>, or what a guardrail saw; null while it runs.</param>
public sealed record ExperimentView(
    string Name, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? EndReason, float RiseMax, IReadOnlyList<VariantView> Variants);

/// <summary>A mean with the ends of its interval of 95 %.</summary>
public sealed record EstimateView(double Mean, double Low, double High);

/// <param name="Name"><c>value</c> (likes + 2 comments + 3 shares − 5 hides), <c>likes</c>, <c>comments</c>, <c>shares</c>, <c>hides</c>,
/// <c>pages</c> or <c>errors</c>.</param>
/// <param name="Difference">To the control; null for the control.</param>
public sealed record MetricView(string Name, EstimateView PerReader, EstimateView? Difference);

/// <param name="HidesEvidence">Against hides being within the bound: 1 says nothing, 100 ends the experiment. Likewise of errors.</param>
public sealed record VariantReportView(
    string Name, float Share, int Readers, long Pages, double HidesEvidence, double ErrorsEvidence, IReadOnlyList<MetricView> Metrics);

public sealed record ExperimentReportView(ExperimentView Experiment, IReadOnlyList<VariantReportView> Variants);
