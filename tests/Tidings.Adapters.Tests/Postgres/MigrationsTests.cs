using Npgsql;
using Tidings.Postgres;
using Tidings.Postgres.Migrations;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

public sealed class MigrationsTests(PostgresServers servers)
{
    private const string Empty = "template0";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_gets_each_migration_once_however_many_programs_start_together()
    {
        await WithEmptyAsync(async server =>
        {
            var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrations.ApplyAsync(server, TimeProvider.System, Ct)));
            Assert.Equal(Migrations.All.Count, applied.Sum());
            Assert.Contains(Migrations.All.Count, applied);
            Assert.Equal(0, await Migrations.ApplyAsync(server, TimeProvider.System, Ct));
            Assert.Equal((long)Migrations.All.Count, await AskAsync(server, "SELECT count(*) FROM schema_migrations"));
        });
    }

    [Fact]
    public async Task A_schema_that_is_newer_is_refused()
    {
        await WithEmptyAsync(async server =>
        {
            await Migrations.ApplyAsync(server, TimeProvider.System, Ct);
            await AskAsync(server, $"INSERT INTO schema_migrations VALUES ({Migrations.All.Count + 1}, 'later', '', 0) RETURNING 1");
            var refused = await Assert.ThrowsAsync<PostgresRecordException>(() => Migrations.ApplyAsync(server, TimeProvider.System, Ct));
            Assert.Contains("newer program", refused.Message);
        });
    }

    [Fact]
    public async Task A_schema_that_other_files_made_is_refused()
    {
        await WithEmptyAsync(async server =>
        {
            await Migrations.ApplyAsync(server, TimeProvider.System, Ct);
            await AskAsync(server, "UPDATE schema_migrations SET sha256 = 'x' WHERE version = 1 RETURNING 1");
            var refused = await Assert.ThrowsAsync<PostgresRecordException>(() => Migrations.ApplyAsync(server, TimeProvider.System, Ct));
            Assert.Contains("another file", refused.Message);
        });
    }

    [Fact]
    public async Task Servers_of_another_record_or_in_another_order_are_refused()
    {
        var ((first, removeFirst), (second, removeSecond)) = (await servers.MakeAsync(), await servers.MakeAsync());
        foreach (var strings in new[] { first, second })
            await (await OpenAsync(strings)).DisposeAsync();

        Assert.Contains("another record", (await Assert.ThrowsAsync<PostgresRecordException>(() => OpenAsync([first[0], second[1]]))).Message);
        Assert.Contains("home server", (await Assert.ThrowsAsync<PostgresRecordException>(() => OpenAsync([first[1], first[0]]))).Message);
        Assert.Contains("2 servers", (await Assert.ThrowsAsync<PostgresRecordException>(() => OpenAsync([first[0]]))).Message);
        await (await OpenAsync(first)).DisposeAsync();
        await removeFirst();
        await removeSecond();
    }

    private static Task<PostgresProfile> OpenAsync(string[] strings) =>
        PostgresProfile.OpenAsync(PostgresPorts.Options(strings), TimeProvider.System, Ct);

    private async Task WithEmptyAsync(Func<NpgsqlDataSource, Task> test)
    {
        var (strings, remove) = await servers.MakeAsync(Empty);
        await using (var server = NpgsqlDataSource.Create(strings[0]))
            await test(server);
        await remove();
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Ct);
    }
}
