using Tidings.Embedded.Record.Tables;
using Tidings.Notifications;
using Tidings.People;

namespace Tidings.Embedded.Record.Stores;

internal sealed class NotificationStore(Writer writer, PeopleTable people, NotificationTable notifications, TimeProvider clock) : INotificationStore
{
    public ValueTask<long> PositionAsync(CancellationToken ct) => new(notifications.Position);

    public ValueTask<IReadOnlyList<(UserId Owner, int Unread)>> ApplyAsync(
        long position, ReadOnlyMemory<NotificationChange> changes, CancellationToken ct)
    {
        // What the disk has to be asked for is asked for here, so that the writer finds it in memory.
        foreach (ref readonly var change in changes.Span)
        {
            if (change.Owner.Value != 0) notifications.Get(change.Owner);
        }
        return writer.CommitAsync((people, notifications, position, changes), static (draft, state) =>
        {
            var (people, notifications, position, changes) = state;
            if (!notifications.Reach(draft, position))
                return (IReadOnlyList<(UserId, int)>)[];
            var touched = new HashSet<UserId>();
            foreach (ref readonly var change in changes.Span)
            {
                // Whoever is being erased is told nothing any more.
                if (change.Owner.Value == 0 || people.Exists(draft, change.Owner))
                    notifications.Apply(draft, change, touched);
            }
            return [.. touched.Select(owner => (owner, notifications.Get(draft, owner).Unread(draft.NowUnixMs)))];
        }, ct);
    }

    public ValueTask<NotificationList> ListAsync(UserId owner, CancellationToken ct) =>
        new(people.Exists(owner) ? notifications.Get(owner) : NotificationList.Empty);

    public ValueTask<int> ReadAsync(UserId owner, long upTo, CancellationToken ct)
    {
        if (!people.Exists(owner)) return new(0);
        var list = notifications.Get(owner);
        return ReferenceEquals(list.Read(upTo), list)
            ? new(list.Unread(clock.GetUtcNow().ToUnixTimeMilliseconds()))
            : writer.CommitAsync((notifications, owner, upTo), static (draft, state) =>
            {
                var read = state.notifications.Get(draft, state.owner).Read(state.upTo);
                state.notifications.Set(draft, state.owner, read);
                return read.Unread(draft.NowUnixMs);
            }, ct);
    }
}
