using Tidings.Affinity;
using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class AffinityStore(Writer writer, PeopleTable people, AffinityTable affinity) : IAffinityStore
{
    public ValueTask ScoresAsync(UserId reader, ReadOnlyMemory<UserId> authors, long nowUnixMs, Memory<float> into, CancellationToken ct)
    {
        var scores = into.Span[..authors.Length];
        scores.Clear();
        if (!people.Exists(reader)) return ValueTask.CompletedTask;
        var row = affinity.Get(reader);
        if (row.Count == 0) return ValueTask.CompletedTask;
        for (var i = 0; i < scores.Length; i++)
            scores[i] = (float)ForwardDecay.Score(row[authors.Span[i]], nowUnixMs);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> TopAsync(UserId reader, long nowUnixMs, Memory<AffinityScore> into, CancellationToken ct) =>
        new(people.Exists(reader) ? affinity.Get(reader).Top(nowUnixMs, into.Span) : 0);

    public ValueTask<Result<bool>> MeetAsync(UserId actor, UserId other, Encounter encounter, CancellationToken ct) =>
        writer.CommitAsync((people, affinity, actor, other, encounter), static (draft, state) =>
        {
            var (people, affinity, actor, other, encounter) = state;
            if (actor == other || !people.Exists(draft, actor) || !people.Exists(draft, other))
                return Rejection.NotFound("person");
            if (!affinity.Meet(draft, actor, other, encounter))
                return (Result<bool>)false;
            var kind = encounter == Encounter.Message ? EventKind.Messaged : EventKind.ProfileViewed;
            draft.Tell(kind, actor, other, PostId.None, 0);
            return (Result<bool>)true;
        }, ct);
}
