using Tidings.Embedded.Record.Rows;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>What people are told: a row for each group, so that a like writes one of them. Memory holds the lists of those who were told or asked lately.</summary>
internal sealed class NotificationTable(Database database) : Table
{
    private const int KeptMax = 4_096;

    /// <summary>Mentions that one deletion looks at. Those of the rest don't show either: nobody may see the post.</summary>
    private const int MentionsPerDeletionMax = 10_000;

    private readonly ReadThroughCache<UserId, NotificationList> _kept = new(KeptMax);
    private readonly Dictionary<UserId, (NotificationList Before, NotificationList Now)> _staged = [];
    private readonly HashSet<(PostId Post, long Source, UserId Owner)> _stagedMentions = [];
    private long _position = database.Get(NotificationRow.PositionKey, database.Columns.Notifications) is { } row ? NotificationRow.ReadNumber(row) : 0;
    private long _stagedPosition;

    public long Position => Volatile.Read(ref _position);

    public NotificationList Get(UserId owner) => _kept.Get(owner, this, static (owner, self) => self.Read(owner))!;

    /// <returns>False where the position was reached before.</returns>
    public bool Reach(Draft draft, long position)
    {
        if (position <= Math.Max(_position, _stagedPosition)) return false;
        _stagedPosition = position;
        Span<byte> value = stackalloc byte[NotificationRow.NumberBytes];
        draft.Put(NotificationRow.PositionKey, NotificationRow.WriteNumber(value, position), draft.Columns.Notifications);
        return true;
    }

    /// <summary>Adds everyone whose list may have changed to <paramref name="touched"/>.</summary>
    public void Apply(Draft draft, in NotificationChange change, HashSet<UserId> touched)
    {
        if (change.Owner.Value == 0)
        {
            foreach (var owner in Mentioned(draft, change.Post, change.Source))
                Change(draft, change with { Owner = owner }, touched);
            return;
        }
        Change(draft, change, touched);
        if (change.Op == NotificationOp.Take || change.Kind != NotificationKind.Mention) return;
        Span<byte> key = stackalloc byte[NotificationRow.MentionKeyBytes];
        draft.Put(NotificationRow.MentionKey(key, change.Post, change.Source, change.Owner), NotificationRow.Present, draft.Columns.Notifications);
        _stagedMentions.Add((change.Post, change.Source, change.Owner));
    }

    public NotificationList Get(Draft _, UserId owner) => _staged.TryGetValue(owner, out var staged) ? staged.Now : Get(owner);

    public bool Set(Draft draft, UserId owner, NotificationList next)
    {
        var now = Get(draft, owner);
        if (ReferenceEquals(now, next)) return false;
        _staged[owner] = (_staged.TryGetValue(owner, out var staged) ? staged.Before : now, next);
        draft.Touch();
        return true;
    }

    public override void Seal(Draft draft)
    {
        Span<byte> key = stackalloc byte[NotificationRow.KeyBytes];
        Span<byte> value = stackalloc byte[NotificationRow.NumberBytes];
        foreach (var (owner, (before, now)) in _staged)
        {
            Write(draft, owner, before, now);
            if (now.ReadTo == before.ReadTo) continue;
            if (now.ReadTo == 0) draft.Delete(NotificationRow.ReadToKey(key, owner), draft.Columns.Notifications);
            else draft.Put(NotificationRow.ReadToKey(key, owner), NotificationRow.WriteNumber(value, now.ReadTo), draft.Columns.Notifications);
        }
    }

    public override void Publish(Draft draft)
    {
        foreach (var (owner, (_, now)) in _staged)
            _kept.Committed(owner, now);
        if (_stagedPosition > 0) Volatile.Write(ref _position, _stagedPosition);
        _staged.Clear();
        _stagedMentions.Clear();
        _stagedPosition = 0;
    }

    /// <summary>Writes the groups that are others than before, and removes those that are gone.</summary>
    private static void Write(Draft draft, UserId owner, NotificationList before, NotificationList now)
    {
        var old = before.Groups.ToDictionary(group => group.Serial);
        var key = new byte[NotificationRow.KeyBytes];
        using var room = new Room(NotificationRow.BytesMax);
        foreach (var group in now.Groups)
        {
            if (old.Remove(group.Serial, out var was) && ReferenceEquals(was, group)) continue;
            draft.Put(NotificationRow.Key(key, owner, group.Serial), NotificationRow.Write(room.Span, group), draft.Columns.Notifications);
        }
        foreach (var gone in old.Keys)
            draft.Delete(NotificationRow.Key(key, owner, gone), draft.Columns.Notifications);
    }

    private void Change(Draft draft, in NotificationChange change, HashSet<UserId> touched)
    {
        if (Set(draft, change.Owner, Get(draft, change.Owner).With(change)))
            touched.Add(change.Owner);
    }

    /// <summary>Who was mentioned in the post, or in one of its comments; from now on nobody was.</summary>
    private List<UserId> Mentioned(Draft draft, PostId post, long source)
    {
        var owners = new List<UserId>();
        Span<byte> from = stackalloc byte[NotificationRow.MentionKeyBytes];
        NotificationRow.MentionKey(from, post, source, default);
        var prefix = from[..(source == 0 ? NotificationRow.MentionPostPrefixBytes : NotificationRow.MentionSourcePrefixBytes)];
        using (var rows = database.Scan(draft.Columns.Notifications))
        {
            for (rows.Seek(from); owners.Count < MentionsPerDeletionMax && rows.IsAt(prefix); rows.Next())
            {
                owners.Add(NotificationRow.ReadMentionKey(rows.Key).Owner);
                draft.Delete(rows.Key, draft.Columns.Notifications);
            }
        }
        var key = new byte[NotificationRow.MentionKeyBytes];
        foreach (var staged in _stagedMentions.Where(m => m.Post == post && (source == 0 || m.Source == source)).ToList())
        {
            owners.Add(staged.Owner);
            draft.Delete(NotificationRow.MentionKey(key, post, staged.Source, staged.Owner), draft.Columns.Notifications);
            _stagedMentions.Remove(staged);
        }
        return owners;
    }

    private NotificationList Read(UserId owner)
    {
        var groups = new List<NotificationGroup>();
        Span<byte> from = stackalloc byte[NotificationRow.KeyBytes];
        NotificationRow.Key(from, owner, 0);
        var prefix = from[..NotificationRow.OwnerPrefixBytes];
        using (var rows = database.Scan(database.Columns.Notifications))
        {
            for (rows.Seek(from); rows.IsAt(prefix); rows.Next())
                groups.Add(NotificationRow.Read(rows.Key, rows.Value));
        }
        groups.Sort((a, b) => b.Id.CompareTo(a.Id));
        var readTo = database.Get(NotificationRow.ReadToKey(from, owner), database.Columns.Notifications);
        if (groups.Count == 0 && readTo is null) return NotificationList.Empty;
        return new NotificationList(groups, readTo is null ? 0 : NotificationRow.ReadNumber(readTo));
    }
}
