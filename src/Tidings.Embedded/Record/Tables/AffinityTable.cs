using Tidings.Affinity;
using Tidings.Embedded.Record.Rows;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Each reader's affinities, one row. Memory holds those of the readers who were here lately.</summary>
internal sealed class AffinityTable(Database database) : Table
{
    private const int KeptMax = 65_536;

    private readonly ReadThroughCache<UserId, AffinityRow> _kept = new(KeptMax);
    private readonly Dictionary<UserId, AffinityRow> _staged = [];

    public AffinityRow Get(UserId reader) => _kept.Get(reader, database, static (reader, database) =>
    {
        Span<byte> key = stackalloc byte[AffinityRow.KeyBytes];
        var row = database.Get(AffinityRow.Key(key, reader), database.Columns.Affinity);
        return row is null ? AffinityRow.None : AffinityRow.Read(row);
    })!;

    public void Add(Draft draft, UserId reader, UserId author, double weight)
    {
        if (reader == author) return;
        var row = Get(draft, reader);
        _staged[reader] = row.With(author, ForwardDecay.Add(row[author], weight, draft.NowUnixMs));
        draft.Touch();
    }

    /// <returns>False where one of the kind was counted too short a time ago.</returns>
    public bool Meet(Draft draft, UserId reader, UserId other, Encounter encounter)
    {
        var row = Get(draft, reader);
        var met = row.MetAt(other);
        var minute = (uint)((draft.NowUnixMs - TimeOrderedId.EpochUnixMs) / 60_000);
        if (met[encounter] != 0 && minute < met[encounter] + Encounters.GapMinutes(encounter)) return false;
        var score = ForwardDecay.Add(row[other], Encounters.WeightOf(encounter), draft.NowUnixMs);
        _staged[reader] = row.With(other, score, met.With(encounter, minute));
        draft.Touch();
        return true;
    }

    private AffinityRow Get(Draft _, UserId reader) => _staged.TryGetValue(reader, out var staged) ? staged : Get(reader);

    public void Forget(Draft draft, UserId reader)
    {
        _staged[reader] = AffinityRow.None;
        draft.Touch();
    }

    public override void Seal(Draft draft)
    {
        Span<byte> key = stackalloc byte[AffinityRow.KeyBytes];
        foreach (var (reader, row) in _staged)
        {
            if (row.Count == 0)
            {
                draft.Delete(AffinityRow.Key(key, reader), draft.Columns.Affinity);
                continue;
            }
            using var room = new Room(row.BytesMax);
            draft.Put(AffinityRow.Key(key, reader), row.Write(room.Span), draft.Columns.Affinity);
        }
    }

    public override void Publish(Draft draft)
    {
        foreach (var (reader, row) in _staged)
            _kept.Committed(reader, row);
        _staged.Clear();
    }
}
