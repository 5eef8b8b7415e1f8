using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Tidings.Postgres.Migrations;

/// <summary>
/// Brings one server's schema up to this program's. The files are part of the program, numbered from 1 without gaps, and never change once they were
/// released: each is applied once, in its own transaction together with its row in <c>schema_migrations</c>. Programs that start at the same
/// moment wait for each other at an advisory lock.
/// </summary>
internal static class Migrations
{
    /// <summary>"tidings" in ASCII: the key of the advisory lock.</summary>
    private const long LockKey = 0x746964696e6773;

    private const string TableSql =
        "CREATE TABLE IF NOT EXISTS schema_migrations "
        + "(version integer PRIMARY KEY, name text NOT NULL, sha256 bytea NOT NULL, applied_unix_ms bigint NOT NULL)";

    public static IReadOnlyList<Migration> All { get; } = Load();

    /// <returns>How many were applied.</returns>
    /// <exception cref="PostgresRecordException">The schema is newer than this program, or made by other files.</exception>
    public static async Task<int> ApplyAsync(NpgsqlDataSource server, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await server.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", ct);
        try
        {
            await ExecuteAsync(connection, TableSql, ct);
            var applied = await AppliedAsync(connection, ct);
            Check(applied);
            foreach (var migration in All.Skip(applied.Count))
                await ApplyAsync(connection, migration, clock, ct);
            return All.Count - applied.Count;
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, migration.Sql, ct);
        await using var note = new NpgsqlCommand("INSERT INTO schema_migrations VALUES ($1, $2, $3, $4)", connection, transaction);
        note.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Version });
        note.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        note.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = migration.Hash });
        note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = clock.GetUtcNow().ToUnixTimeMilliseconds() });
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static void Check(List<(int Version, byte[] Hash)> applied)
    {
        if (applied.Count > All.Count)
            throw new PostgresRecordException($"The schema has version {applied.Count}; this program knows {All.Count}. Start a newer program.");
        foreach (var (version, hash) in applied)
        {
            if (version < 1 || version > All.Count || !hash.AsSpan().SequenceEqual(All[version - 1].Hash))
                throw new PostgresRecordException($"Migration {version} of the schema was made by another file than this program's: it isn't ours to change.");
        }
    }

    private static async Task<List<(int Version, byte[] Hash)>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT version, sha256 FROM schema_migrations ORDER BY version", connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var applied = new List<(int, byte[])>();
        while (await rows.ReadAsync(ct))
            applied.Add((rows.GetInt32(0), rows.GetFieldValue<byte[]>(1)));
        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static Migration[] Load()
    {
        const string folder = "migrations/";
        var assembly = typeof(Migrations).Assembly;
        var migrations = new List<Migration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var text = new StreamReader(stream);
            var version = int.Parse(name.AsSpan(folder.Length, 4), CultureInfo.InvariantCulture);
            if (version != migrations.Count + 1)
                throw new InvalidOperationException($"{name}: migrations are numbered from 1 without gaps.");
            migrations.Add(new Migration(version, name[folder.Length..], text.ReadToEnd()));
        }
        return [.. migrations];
    }
}

internal sealed record Migration(int Version, string Name, string Sql)
{
    public byte[] Hash { get; } = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Sql));
}
