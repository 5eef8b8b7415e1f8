using Tidings.Graph;
using Tidings.People;

namespace Tidings.Feeds;

/// <summary>
/// A person follows, befriends, blocks, mutes. Whoever follows other people than before gets their inbox anew at the next read: it stands
/// here, above the graph, because the feed has to know before the answer leaves.
/// </summary>
public sealed class ChangeTie(IGraphStore graph, IInboxes inboxes)
{
    public async ValueTask<Result<Tie>> ExecuteAsync(UserId actor, TieAction action, UserId other, CancellationToken ct)
    {
        if (actor == other)
            return Rejection.Invalid("person", "Nobody can do this to themselves.");
        var changed = await graph.ChangeAsync(actor, action, other, ct);
        if (!changed.IsOk)
            return changed.Rejection;

        var change = changed.Value;
        if ((change.Changed & Tie.Follows) != 0)
            await inboxes.DropAsync(new[] { actor }, CancellationToken.None);
        if ((change.Changed & Tie.FollowedBy) != 0)
            await inboxes.DropAsync(new[] { other }, CancellationToken.None);
        return change.After;
    }
}
