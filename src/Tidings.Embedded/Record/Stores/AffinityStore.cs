using Tidings.Affinity;
using Tidings.Embedded.Record.Tables;
using Tidings.People;

namespace Tidings.Embedded.Record.Stores;

internal sealed class AffinityStore(PeopleTable people, AffinityTable affinity) : IAffinityStore
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
}
