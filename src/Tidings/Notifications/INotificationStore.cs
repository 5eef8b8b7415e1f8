using Tidings.People;

namespace Tidings.Notifications;

/// <summary>What people are told, and how far the log was read for it. Both change in one transaction: each event counts exactly once.</summary>
public interface INotificationStore
{
    /// <summary>The last event whose changes are in the store; 0 at the beginning.</summary>
    ValueTask<long> PositionAsync(CancellationToken ct);

    /// <summary>Applies <see cref="NotificationList.With"/> to each change in turn and moves the position on. Where the store is at this position
    /// already, or past it, nothing happens.</summary>
    /// <returns>Everyone whose list changed, and what they have not read.</returns>
    ValueTask<IReadOnlyList<(UserId Owner, int Unread)>> ApplyAsync(
        long position, ReadOnlyMemory<NotificationChange> changes, CancellationToken ct);

    ValueTask<NotificationList> ListAsync(UserId owner, CancellationToken ct);

    /// <summary>Applies <see cref="NotificationList.Read"/>.</summary>
    /// <returns>What is left unread.</returns>
    ValueTask<int> ReadAsync(UserId owner, long upTo, CancellationToken ct);
}
