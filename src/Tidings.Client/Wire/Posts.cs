using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

public enum PostType { Text, Image, Video, Link }

public enum Audience { Public, Friends, Custom }

/// <param name="Text">At most 10,000 characters; not blank where the type is text or link.</param>
/// <param name="MediaIds">At most 20 of at most 100 characters; at least one where the type is image or video.</param>
/// <param name="AudienceList">The id of one of the author's lists, where the audience is custom.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PublishRequest(
    string Text = "", PostType Type = PostType.Text, IReadOnlyList<string>? MediaIds = null,
    Audience Audience = Audience.Public, string? AudienceList = null);

/// <summary>What is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EditPostRequest(string? Text = null, Audience? Audience = null, string? AudienceList = null);

/// <summary>
/// What was stored: the same for every repetition of the request, so without anything that can change. Read the post for the rest.
/// </summary>
public sealed record PublishedView(
    string Id, string AuthorId, PostType Type, string Text, IReadOnlyList<string> MediaIds, Audience Audience, string? AudienceList,
    DateTimeOffset CreatedAt, int Version);

/// <param name="AudienceList">Told to the author only.</param>
/// <param name="EditedAt">Null where the post was never edited.</param>
/// <param name="Version">1 when published, one more with each edit; the <c>ETag</c>.</param>
/// <param name="Score">In ranked feeds only: what the place on the page was decided by.</param>
public sealed record PostView(
    string Id, PersonSummary Author, PostType Type, string Text, IReadOnlyList<string> MediaIds, Audience Audience,
    DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, int Version, PostCountsView Counts, bool Liked, bool Shared,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AudienceList = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Score = null);

public sealed record PostCountsView(int Likes, int Comments, int Shares);
