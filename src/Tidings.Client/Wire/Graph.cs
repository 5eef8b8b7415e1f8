using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>Everything between two people, seen from the one who asks. Whether the other blocks is not told.</summary>
public sealed record TieView(
    bool Follows, bool FollowedBy, bool Friend, bool RequestSent, bool RequestReceived, bool Blocks, bool Mutes, bool CloseFriend);

/// <param name="Name">1 to 80 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewAudienceRequest(string Name);

/// <summary>A named list of people to whom posts can be shown.</summary>
public sealed record AudienceView(string Id, string Name, int Members);
