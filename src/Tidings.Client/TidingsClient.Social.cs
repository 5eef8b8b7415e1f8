using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>Affinity, seen posts, notifications.</summary>
public sealed partial class TidingsClient
{
    /// <summary>Tells that the profile was looked at. Counts once an hour.</summary>
    public Task ViewPersonAsync(string person, CancellationToken ct) => DoAsync(Request(HttpMethod.Post, $"/v1/people/{person}/views"), ct);

    /// <summary>Tells that a message was sent elsewhere in the product. Counts once in ten minutes.</summary>
    public Task MessagePersonAsync(string person, CancellationToken ct) =>
        DoAsync(Request(HttpMethod.Post, $"/v1/people/{person}/messages"), ct);

    /// <summary>Tells which posts were on the screen: they go below the unseen ones.</summary>
    public Task ReportImpressionsAsync(ImpressionsRequest shown, CancellationToken ct) =>
        DoAsync(Post("/v1/feed/impressions", shown, WireJson.Wire.ImpressionsRequest), ct);

    public Task<Page<AffinityView>> AffinityAsync(int? limit, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/affinity", limit, null)), WireJson.Wire.PageAffinityView, ct);

    public Task<Page<NotificationView>> NotificationsAsync(int? limit, string? cursor, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/notifications", limit, cursor)), WireJson.Wire.PageNotificationView, ct);

    public Task<UnreadView> UnreadNotificationsAsync(CancellationToken ct) => AskAsync(Get("/v1/notifications/unread"), WireJson.Wire.UnreadView, ct);

    /// <summary>All up to this notification is read.</summary>
    public Task<UnreadView> ReadNotificationsAsync(string upTo, CancellationToken ct) => AskAsync(
        Put("/v1/notifications/read", new ReadNotificationsRequest(upTo), WireJson.Wire.ReadNotificationsRequest), WireJson.Wire.UnreadView, ct);
}
