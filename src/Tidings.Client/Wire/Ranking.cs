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
