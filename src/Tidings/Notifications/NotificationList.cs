namespace Tidings.Notifications;

/// <summary>
/// All that one person is told. Never changed, only replaced. Pure: every record calls it inside its own transaction, so the rules are the same
/// on all of them.
/// 1. An act joins the group of its kind and post while that is unread; else it begins a new group.
/// 2. A group that changes goes to the top. What was read is what is not newer than the newest when it was read.
/// 3. At most <see cref="GroupsMax"/>, the oldest go first; none outlives <see cref="Lifetime"/>.
/// </summary>
/// <param name="groups">Newest first.</param>
/// <param name="readTo">The newest group that was read.</param>
public sealed class NotificationList(IReadOnlyList<NotificationGroup> groups, long readTo)
{
    public const int GroupsMax = 1_000;

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public static readonly NotificationList Empty = new([], 0);

    public IReadOnlyList<NotificationGroup> Groups => groups;

    public long ReadTo => readTo;

    /// <summary>Groups that weren't read. Looks at some ten of them, however many there are.</summary>
    public int Unread(long nowUnixMs)
    {
        var (low, high) = (0, groups.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (IsUnread(groups[middle]) && !IsExpired(groups[middle], nowUnixMs)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    public bool IsUnread(NotificationGroup group) => group.Id > readTo;

    public static bool IsExpired(NotificationGroup group, long nowUnixMs) => group.UnixMs < nowUnixMs - (long)Lifetime.TotalMilliseconds;

    /// <returns>This one where nothing changes.</returns>
    public NotificationList With(in NotificationChange change) => change.Op switch
    {
        NotificationOp.Add => Add(change),
        NotificationOp.AddOnce => Knows(change) ? this : Add(change),
        _ => Take(change),
    };

    /// <summary>All up to a group is read. An id that is newer than the newest means the newest.</summary>
    public NotificationList Read(long upTo)
    {
        var to = Math.Min(upTo, groups.Count == 0 ? 0 : groups[0].Id);
        return to <= readTo ? this : new NotificationList(groups, to);
    }

    private bool Knows(NotificationChange change) =>
        groups.Any(g => g.IsAbout(change.Kind, change.Post) && g.Acts.Contains(new NotificationAct(change.Actor, change.Source)));

    private NotificationList Add(in NotificationChange added)
    {
        NotificationGroup? open = null;
        for (var i = 0; i < groups.Count && open is null && IsUnread(groups[i]); i++)
        {
            if (groups[i].IsAbout(added.Kind, added.Post))
                open = groups[i];
        }
        var grown = (open ?? new NotificationGroup(added.Position, 0, added.Kind, added.Post, 0, [], 0)).With(added);
        var next = new List<NotificationGroup>(Math.Min(groups.Count + 1, GroupsMax)) { grown };
        foreach (var group in groups)
        {
            if (next.Count == GroupsMax || IsExpired(group, added.UnixMs))
                break;
            if (group.Serial != grown.Serial)
                next.Add(group);
        }
        return new NotificationList(next, readTo);
    }

    private NotificationList Take(NotificationChange taken)
    {
        var next = new List<NotificationGroup>(groups.Count);
        var changed = false;
        foreach (var group in groups)
        {
            var left = group.Without(taken);
            changed |= !ReferenceEquals(left, group);
            if (left is not null)
                next.Add(left);
        }
        return changed ? new NotificationList(next, readTo) : this;
    }
}
