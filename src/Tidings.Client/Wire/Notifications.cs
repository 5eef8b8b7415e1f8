using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>What somebody did. The names are snake_case on the wire.</summary>
public enum NotificationKind { Follow = 1, FriendRequest, Friend, Like, Comment, Share, Mention }

/// <summary>Acts of one kind on one post, told as one while unread.</summary>
/// <param name="Id">Rises with the time of the newest act: a group that grows gets another id.</param>
/// <param name="Post">The post; left out for follows and friendships.</param>
/// <param name="People">The newest first, at most 3.</param>
/// <param name="Others">How many there are besides.</param>
/// <param name="Excerpt">How the post's text begins, at most 100 characters; left out where there is none.</param>
public sealed record NotificationView(
    string Id, NotificationKind Kind, IReadOnlyList<PersonSummary> People, int Others, DateTimeOffset At, bool Unread,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Post = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Excerpt = null);

public sealed record UnreadView(int Unread);

/// <param name="UpTo">The id of the newest that was read.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReadNotificationsRequest(string UpTo);
