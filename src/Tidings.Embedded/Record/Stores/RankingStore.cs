using Tidings.Embedded.Record.Rows;
using Tidings.Ranking;

namespace Tidings.Embedded.Record.Stores;

/// <summary>Settings and figures of ranking. What uses them holds them in memory: here each answer is read from the disk.</summary>
internal sealed class RankingStore(Writer writer, Database database) : IRankingStore
{
    public ValueTask<RankingProfile?> ProfileAsync(CancellationToken ct)
    {
        Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
        return new(database.Get(RankingRow.Key(key, RankingRow.ProfileKind), database.Columns.Ranking) is { } row ? RankingRow.ReadProfile(row) : null);
    }

    public async ValueTask SetProfileAsync(RankingProfile profile, CancellationToken ct) =>
        await writer.CommitAsync(profile, static (draft, profile) =>
        {
            Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
            draft.Put(RankingRow.Key(key, RankingRow.ProfileKind), RankingRow.Write(profile), draft.Columns.Ranking);
            return true;
        }, ct);

    public ValueTask<IReadOnlyList<Experiment>> ExperimentsAsync(CancellationToken ct)
    {
        var experiments = new List<Experiment>();
        using var rows = database.Scan(database.Columns.Ranking);
        for (rows.Seek([RankingRow.ExperimentKind]); rows.IsAt([RankingRow.ExperimentKind]); rows.Next())
            experiments.Add(RankingRow.ReadExperiment(rows.Key, rows.Value));
        return new(experiments);
    }

    public async ValueTask SetExperimentAsync(Experiment experiment, long? position, CancellationToken ct) =>
        await writer.CommitAsync((experiment, position), static (draft, state) =>
        {
            Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
            using var room = new Room(RankingRow.BytesMax(state.experiment));
            draft.Put(
                RankingRow.Key(key, RankingRow.ExperimentKind, state.experiment.Id), RankingRow.Write(room.Span, state.experiment),
                draft.Columns.Ranking);
            if (state.position is { } position)
                PutPosition(draft, state.experiment.Id, position);
            return true;
        }, ct);

    public ValueTask<ExperimentTallies> TalliesAsync(uint experiment, CancellationToken ct)
    {
        var tallies = new List<Tally>();
        var prefix = RankingRow.Key(new byte[RankingRow.KeyBytesMax], RankingRow.TallyKind, experiment);
        using var rows = database.Scan(database.Columns.Ranking);
        for (rows.Seek(prefix); rows.IsAt(prefix); rows.Next())
            tallies.Add(RankingRow.ReadTally(rows.Key, rows.Value));
        Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
        var position = database.Get(RankingRow.Key(key, RankingRow.PositionKind, experiment), database.Columns.Ranking);
        return new(new ExperimentTallies(position is null ? 0 : RankingRow.ReadPosition(position), tallies));
    }

    public async ValueTask NoteAsync(uint experiment, ExperimentTallies changed, CancellationToken ct) =>
        await writer.CommitAsync((experiment, changed), static (draft, state) =>
        {
            Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
            Span<byte> value = stackalloc byte[RankingRow.TallyBytesMax];
            foreach (var tally in state.changed.Tallies)
            {
                draft.Put(
                    RankingRow.Key(key, RankingRow.TallyKind, state.experiment, tally.Reader), RankingRow.Write(value, tally), draft.Columns.Ranking);
            }
            PutPosition(draft, state.experiment, state.changed.Position);
            return true;
        }, ct);

    private static void PutPosition(Draft draft, uint experiment, long position)
    {
        Span<byte> key = stackalloc byte[RankingRow.KeyBytesMax];
        Span<byte> value = stackalloc byte[RankingRow.PositionBytes];
        draft.Put(RankingRow.Key(key, RankingRow.PositionKind, experiment), RankingRow.WritePosition(value, position), draft.Columns.Ranking);
    }
}
