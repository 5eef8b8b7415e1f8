using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class GraphStore(Writer writer, PeopleTable people, TieTable ties, GraphLimits limits) : IGraphStore
{
    public ValueTask<Result<TieChange>> ChangeAsync(UserId actor, TieAction action, UserId other, CancellationToken ct) =>
        writer.CommitAsync((self: this, actor, action, other), static (draft, state) =>
            state.self.Decide(draft, state.actor, state.action, state.other), ct);

    public ValueTask TiesAsync(UserId viewer, ReadOnlyMemory<UserId> others, Memory<Tie> into, CancellationToken ct)
    {
        if (people.Exists(viewer))
            ties.Memory.Ties(viewer, others.Span, into.Span);
        else
            into.Span[..others.Length].Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask<Tie> TieAsync(UserId viewer, UserId other, CancellationToken ct) =>
        new(people.Exists(viewer) && people.Exists(other) ? ties.Memory.Get(viewer, other) : Tie.None);

    public ValueTask<int> ListAsync(UserId person, TieList list, UserId after, Memory<UserId> into, CancellationToken ct) =>
        new(people.Exists(person) ? ties.Memory.CopyList(person, list, after, into.Span) : 0);

    public ValueTask<GraphCounts> CountsAsync(UserId person, CancellationToken ct) =>
        new(people.Exists(person) ? ties.Memory.Counts(person) : default);

    public ValueTask FollowersAsync(ReadOnlyMemory<UserId> others, Memory<int> into, CancellationToken ct)
    {
        ties.Memory.FollowerCounts(others.Span, into.Span);
        // Memory numbers people by 32 bits: an id that nobody has must not be cut down to one that somebody has.
        for (var i = 0; i < others.Length; i++)
        {
            if (!people.Exists(others.Span[i])) into.Span[i] = 0;
        }
        return ValueTask.CompletedTask;
    }

    private Result<TieChange> Decide(Draft draft, UserId actor, TieAction action, UserId other)
    {
        if (actor == other || !people.Exists(draft, actor) || !people.Exists(draft, other))
            return Rejection.NotFound("person");
        var before = ties.Get(draft, actor, other);
        var decided = TieRules.Decide(before, action);
        if (!decided.IsOk)
            return decided.Rejection;
        var after = decided.Value;
        if (after == before)
            return new TieChange(before, after);

        var othersBefore = ties.Get(draft, other, actor);
        var othersAfter = TieRules.Mirror(after, othersBefore);
        if ((OverLimit(draft, actor, after & ~before) ?? OverLimit(draft, other, othersAfter & ~othersBefore)) is { } over)
            return over;
        ties.Set(draft, actor, other, after, othersAfter);
        draft.Tell(EventKind.TieChanged, actor, other, PostId.None, (long)before | ((long)after << 16) | ((long)action << 32));
        return new TieChange(before, after);
    }

    private Rejection? OverLimit(Draft draft, UserId person, Tie added)
    {
        foreach (var (flag, list) in TieTable.Outgoing)
        {
            if ((added & flag) == 0) continue;
            var max = flag switch
            {
                Tie.Follows => limits.FollowingMax,
                Tie.Friend => limits.FriendsMax,
                _ => limits.OthersMax,
            };
            if (ties.List(draft, person, list).Count >= max)
                return Rejection.Limit("list_full", $"A person's list of {Name(list)} has at most {max} people.");
        }
        return null;
    }

    private static string Name(TieList list) => list switch
    {
        TieList.Following => "people followed",
        TieList.Friends => "friends",
        TieList.RequestsSent => "friend requests sent",
        TieList.Blocked => "people blocked",
        TieList.Muted => "people muted",
        _ => "close friends",
    };
}
