using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <param name="NextCursor">Sent back as <c>cursor</c>, it gives the next page; null at the end.</param>
/// <param name="CaughtUpAt">In ranked feeds: the index in <paramref name="Items"/> of the first post that was seen before; null where there is none.</param>
/// <param name="Quality"><c>full</c>, or <c>unranked</c> where a model should have ranked and couldn't: the first pass did.</param>
/// <param name="QualityReason">Why not full: <c>model_failed</c> or <c>model_server_away</c>; null where it is.</param>
public sealed record FeedView(IReadOnlyList<PostView> Items, string? NextCursor, int? CaughtUpAt, string Quality, string? QualityReason);

/// <param name="Items">1 to 100.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ImpressionsRequest(IReadOnlyList<ImpressionItem> Items);

/// <param name="DwellMs">How long the post was on the screen, 0 to 86,400,000 ms.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ImpressionItem(string Post, int? DwellMs = null);
