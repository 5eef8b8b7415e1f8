using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Notifications;

/// <summary>
/// What an event means to whom. Nobody is told of what they did themselves, nor of those whom they mute or between whom and them a block stands;
/// mentions reach only those who may see the post. It looks at the world as it is now, which may be later than the event: what was undone since is
/// taken away by a later event, or not told at all.
/// </summary>
public sealed class WhoIsTold(SeePosts see, IPostStore posts, IEngagementStore engagement, IPeopleStore people, IGraphStore graph)
{
    private const int LeftFlag = 256;

    public ValueTask ChangesAsync(Event happened, List<NotificationChange> into, CancellationToken ct) => happened.Kind switch
    {
        EventKind.TieChanged => TieAsync(happened, into, ct),
        EventKind.MarkChanged => MarkAsync(happened, into, ct),
        EventKind.Commented => CommentedAsync(happened, into, ct),
        EventKind.CommentDeleted => Gone(happened, happened.Detail, into),
        EventKind.PostPublished when happened.Detail == Event.NamesNobody => default,
        EventKind.PostPublished => PostAsync(happened, NotificationOp.Add, into, ct),
        EventKind.PostEdited => PostAsync(happened, NotificationOp.AddOnce, into, ct),
        EventKind.PostDeleted => Gone(happened, 0, into),
        _ => default,
    };

    private async ValueTask TieAsync(Event e, List<NotificationChange> into, CancellationToken ct)
    {
        var (before, after) = ((Tie)(e.Detail & 0xFFFF), (Tie)((e.Detail >> 16) & 0xFFFF));
        var (gained, lost) = (after & ~before, before & ~after);
        var (actor, other) = (e.Actor, e.Other);
        if ((lost & Tie.Follows) != 0) Take(other, NotificationKind.Follow, actor);
        if ((lost & Tie.FollowedBy) != 0) Take(actor, NotificationKind.Follow, other);
        if ((lost & Tie.RequestSent) != 0) Take(other, NotificationKind.FriendRequest, actor);
        if ((lost & Tie.RequestReceived) != 0) Take(actor, NotificationKind.FriendRequest, other);
        if ((lost & Tie.Friend) != 0)
        {
            Take(other, NotificationKind.Friend, actor);
            Take(actor, NotificationKind.Friend, other);
        }
        if ((gained & (Tie.Blocks | Tie.Mutes)) != 0) Take(actor, default, other);
        if ((gained & Tie.Blocks) != 0) Take(other, default, actor);

        // Befriending makes both follows: the friendship is what is told.
        if ((gained & Tie.Friend) != 0) await AddAsync(e, NotificationOp.Add, other, NotificationKind.Friend, 0, into, ct);
        else if ((gained & Tie.Follows) != 0) await AddAsync(e, NotificationOp.Add, other, NotificationKind.Follow, 0, into, ct);
        if ((gained & Tie.RequestSent) != 0) await AddAsync(e, NotificationOp.Add, other, NotificationKind.FriendRequest, 0, into, ct);

        void Take(UserId owner, NotificationKind kind, UserId of) =>
            into.Add(new NotificationChange(NotificationOp.Take, owner, kind, PostId.None, of, 0, e.Position, e.UnixMs));
    }

    private async ValueTask MarkAsync(Event e, List<NotificationChange> into, CancellationToken ct)
    {
        var mark = (Mark)(e.Detail & 0xFF);
        if (mark == Mark.Hide)
            return;
        var kind = mark == Mark.Like ? NotificationKind.Like : NotificationKind.Share;
        if ((e.Detail & LeftFlag) != 0)
            await AddAsync(e, NotificationOp.Add, e.Other, kind, 0, into, ct);
        else
            into.Add(new NotificationChange(NotificationOp.Take, e.Other, kind, e.Post, e.Actor, 0, e.Position, e.UnixMs));
    }

    private async ValueTask CommentedAsync(Event e, List<NotificationChange> into, CancellationToken ct)
    {
        await AddAsync(e, NotificationOp.Add, e.Other, NotificationKind.Comment, e.Detail, into, ct);
        var comments = await engagement.CommentsAsync(e.Post, new CommentId(e.Detail - 1), 1, ct);
        if (comments is [var comment] && comment.Id.Value == e.Detail)
            await MentionAsync(e, NotificationOp.Add, comment.Text, e.Detail, into, ct);
    }

    private async ValueTask PostAsync(Event e, NotificationOp op, List<NotificationChange> into, CancellationToken ct)
    {
        var body = new PostBody?[1];
        await posts.BodiesAsync(new[] { e.Post }, body, ct);
        if (body[0] is { } there)
            await MentionAsync(e, op, there.Text, 0, into, ct);
    }

    private async ValueTask MentionAsync(Event e, NotificationOp op, string text, long source, List<NotificationChange> into, CancellationToken ct)
    {
        foreach (var handle in Mentions.In(text))
        {
            // Whoever is told of the comment on their post needn't be told that it names them.
            if (await people.FindAsync(handle, ct) is not { } person || (source != 0 && person == e.Other))
                continue;
            if ((await see.OneAsync(person, e.Post, ct)).IsOk)
                await AddAsync(e, op, person, NotificationKind.Mention, source, into, ct);
        }
    }

    /// <summary>A post or a comment was deleted: its author's list, and those of all who were mentioned.</summary>
    private static ValueTask Gone(Event e, long source, List<NotificationChange> into)
    {
        into.Add(new NotificationChange(NotificationOp.Take, e.Other, default, e.Post, default, source, e.Position, e.UnixMs));
        into.Add(new NotificationChange(NotificationOp.Take, default, default, e.Post, default, source, e.Position, e.UnixMs));
        return default;
    }

    private async ValueTask AddAsync(
        Event e, NotificationOp op, UserId owner, NotificationKind kind, long source, List<NotificationChange> into, CancellationToken ct)
    {
        if (owner == e.Actor || !IsWelcome(await graph.TieAsync(owner, e.Actor, ct)))
            return;
        into.Add(new NotificationChange(op, owner, kind, e.Post, e.Actor, source, e.Position, e.UnixMs));
    }

    internal static bool IsWelcome(Tie tie) => (tie & (Tie.Blocks | Tie.BlockedBy | Tie.Mutes)) == 0;
}
