using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>A ticket opens one live connection, once. It is for browsers, which can't send a header with a WebSocket.</summary>
public sealed record LiveTicketView(string Ticket, DateTimeOffset ExpiresAt);

/// <summary>What a client says on a live connection: the posts on its screen, which replace those that it named before.</summary>
/// <param name="Watch">At most 200 ids.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LiveRequest(IReadOnlyList<string> Watch);

/// <summary>What the server says on a live connection. Members that a type doesn't have are null.</summary>
/// <param name="Seq">The reader's sequence: one more than before for <c>posted</c>, <c>edited</c>, <c>gone</c>, <c>notification</c> and
/// <c>skip</c>, else the same.</param>
/// <param name="Type"><c>hello</c>, <c>posted</c>, <c>edited</c>, <c>gone</c>, <c>counters</c>, <c>notification</c>, <c>skip</c>,
/// <c>resync</c>, <c>bye</c>; a client passes over others.</param>
/// <param name="RetryMs"><c>bye</c>: how long to wait before coming back; null for not before having signed in again.</param>
public sealed record LiveFrameView(
    long Seq, string Type, string? Post = null, string? Author = null, int? Likes = null, int? Comments = null, int? Shares = null,
    int? Unread = null, int? Version = null, bool? Resumed = null, string? Reason = null, int? RetryMs = null);
