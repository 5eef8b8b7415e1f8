using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>How a post stands after a like or a share.</summary>
public sealed record EngagementView(string PostId, PostCountsView Counts, bool Liked, bool Shared);

/// <param name="Text">1 to 2,000 characters, not blank.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CommentRequest(string Text);

/// <summary>What was stored: the same for every repetition of the request.</summary>
public sealed record CommentedView(string Id, string PostId, string AuthorId, string Text, DateTimeOffset CreatedAt);

public sealed record CommentView(string Id, PersonSummary Author, string Text, DateTimeOffset CreatedAt);
