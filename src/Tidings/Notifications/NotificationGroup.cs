using Tidings.People;
using Tidings.Posts;

namespace Tidings.Notifications;

/// <summary>What a person is told of. The numbers are part of the stored format.</summary>
public enum NotificationKind : byte
{
    Follow = 1,
    FriendRequest = 2,
    Friend = 3,
    Like = 4,
    Comment = 5,
    Share = 6,
    Mention = 7,
}

/// <param name="Source">The comment that the act is; 0 where it is none.</param>
public readonly record struct NotificationAct(UserId Actor, long Source);

/// <summary>Acts of one kind on one post, told as one: "A, B and 12 others liked your post".</summary>
/// <param name="Serial">The position of the first act: names the group for good.</param>
/// <param name="Id">The position of the newest act: says how new the group is.</param>
/// <param name="Post"><see cref="PostId.None"/> where no post is concerned.</param>
/// <param name="UnixMs">When the newest act was.</param>
/// <param name="Acts">The newest first, at most <see cref="ActsMax"/>.</param>
/// <param name="Forgotten">How many there were besides. Who they were is not kept, so one of them that is taken back is not noticed.</param>
public sealed record NotificationGroup(
    long Serial, long Id, NotificationKind Kind, PostId Post, long UnixMs, IReadOnlyList<NotificationAct> Acts, int Forgotten)
{
    public const int ActsMax = 16;

    public bool IsAbout(NotificationKind kind, PostId post) => Kind == kind && Post == post;

    /// <summary>The group with one more act on top.</summary>
    public NotificationGroup With(in NotificationChange added)
    {
        var act = new NotificationAct(added.Actor, added.Source);
        var acts = new List<NotificationAct>(ActsMax) { act };
        acts.AddRange(Acts.Where(a => a != act));
        var forgotten = Forgotten;
        if (acts.Count > ActsMax)
        {
            var last = acts[ActsMax];
            acts.RemoveAt(ActsMax);
            forgotten += acts.Any(a => a.Actor == last.Actor) ? 0 : 1;
        }
        return this with { Id = added.Position, UnixMs = added.UnixMs, Acts = acts, Forgotten = forgotten };
    }

    /// <summary>The group without what is taken away; null where nothing is left.</summary>
    public NotificationGroup? Without(in NotificationChange taken)
    {
        if ((taken.Kind != 0 && taken.Kind != Kind) || (taken.Post != PostId.None && taken.Post != Post))
            return this;
        var (actor, source) = (taken.Actor, taken.Source);
        if (actor.Value == 0 && source == 0)
            return null;
        var left = Acts.Where(a => (actor.Value != 0 && a.Actor != actor) || (source != 0 && a.Source != source)).ToList();
        if (left.Count == Acts.Count)
            return this;
        return left.Count + Forgotten == 0 ? null : this with { Acts = left };
    }
}

public enum NotificationOp : byte
{
    Add = 1,
    /// <summary>Unless the owner was told of the same act before.</summary>
    AddOnce = 2,
    /// <summary>Takes away all that agrees in what is given: kind, post, actor, source; 0 agrees with everything.</summary>
    Take = 3,
}

/// <summary>What one event does to what one person is told.</summary>
/// <param name="Owner">Whom it is told; 0 for everyone who was mentioned in the post, or in the comment that is the source.</param>
/// <param name="Position">The event's.</param>
public readonly record struct NotificationChange(
    NotificationOp Op, UserId Owner, NotificationKind Kind, PostId Post, UserId Actor, long Source, long Position, long UnixMs);
