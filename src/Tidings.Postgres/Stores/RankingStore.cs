using System.Text.Json;
using Npgsql;
using Tidings.People;
using Tidings.Postgres.Sharding;
using Tidings.Ranking;

namespace Tidings.Postgres.Stores;

/// <summary>
/// Settings and figures of ranking, on the home server. Settings are JSON, so that a field that comes later has its default in what was stored before.
/// Whoever uses them holds them in memory.
/// </summary>
internal sealed class RankingStore(NpgsqlDataSource home) : IRankingStore
{
    private const string SetProfileSql =
        "INSERT INTO ranking_profile (profile) VALUES ($1::jsonb) ON CONFLICT (one_row) DO UPDATE SET profile = excluded.profile";

    private const string SetExperimentSql = """
        INSERT INTO experiments VALUES ($1, $2::jsonb, coalesce($3, 0))
        ON CONFLICT (id) DO UPDATE SET experiment = excluded.experiment, position = coalesce($3, experiments.position)
        """;

    private const string NoteSql = """
        INSERT INTO tallies VALUES ($1, $2, $3, $4)
        ON CONFLICT (experiment, reader) DO UPDATE SET variant = excluded.variant, counts = excluded.counts
        """;

    public async ValueTask<RankingProfile?> ProfileAsync(CancellationToken ct)
    {
        await using var command = home.CreateCommand("SELECT profile::text FROM ranking_profile");
        return await command.ExecuteScalarAsync(ct) is string profile ? JsonSerializer.Deserialize<RankingProfile>(profile) : null;
    }

    public async ValueTask SetProfileAsync(RankingProfile profile, CancellationToken ct) =>
        await RunAsync(Statement.Of(SetProfileSql).With(JsonSerializer.Serialize(profile)), ct);

    public async ValueTask<IReadOnlyList<Experiment>> ExperimentsAsync(CancellationToken ct)
    {
        await using var command = home.CreateCommand("SELECT experiment::text FROM experiments ORDER BY id");
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await new Answers(rows).AllAsync(row => JsonSerializer.Deserialize<Experiment>(row.GetString(0))!, ct);
    }

    public async ValueTask SetExperimentAsync(Experiment experiment, long? position, CancellationToken ct)
    {
        var statement = Statement.Of(SetExperimentSql).With((long)experiment.Id).With(JsonSerializer.Serialize(experiment));
        statement.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint, Value = (object?)position ?? DBNull.Value });
        await RunAsync(statement, ct);
    }

    public async ValueTask<ExperimentTallies> TalliesAsync(uint experiment, CancellationToken ct)
    {
        // One moment for both: the position is that of the tallies.
        await using var batch = home.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
        batch.BatchCommands.Add(Statement.Of("SELECT position FROM experiments WHERE id = $1").With((long)experiment));
        batch.BatchCommands.Add(Statement.Of("SELECT reader, variant, counts FROM tallies WHERE experiment = $1 ORDER BY reader").With((long)experiment));
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var answers = new Answers(reader);
        var position = await answers.OneAsync(row => row.GetInt64(0), ct);
        return new ExperimentTallies(position, await answers.AllAsync(Read, ct));
    }

    public async ValueTask NoteAsync(uint experiment, ExperimentTallies changed, CancellationToken ct)
    {
        await using var batch = home.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("BEGIN"));
        foreach (var tally in changed.Tallies)
        {
            batch.BatchCommands.Add(Statement.Of(NoteSql).With((long)experiment).With(tally.Reader.Value).With((short)tally.Variant)
                .With(new[] { tally.Pages, tally.Errors, tally.Likes, tally.Comments, tally.Shares, tally.Hides }));
        }
        batch.BatchCommands.Add(Statement.Of("UPDATE experiments SET position = $2 WHERE id = $1").With((long)experiment).With(changed.Position));
        batch.BatchCommands.Add(Statement.Of("COMMIT"));
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static Tally Read(NpgsqlDataReader row)
    {
        var counts = row.GetFieldValue<int[]>(2);
        return new Tally(
            new UserId(row.GetInt64(0)), (byte)row.GetInt16(1), counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
    }

    private async ValueTask RunAsync(NpgsqlBatchCommand statement, CancellationToken ct)
    {
        await using var batch = home.CreateBatch();
        batch.BatchCommands.Add(statement);
        await batch.ExecuteNonQueryAsync(ct);
    }
}
