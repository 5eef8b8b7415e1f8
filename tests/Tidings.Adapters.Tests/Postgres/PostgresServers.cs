using Npgsql;
using Tidings.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(Tidings.Adapters.Tests.Postgres.PostgresServers))]

namespace Tidings.Adapters.Tests.Postgres;

/// <summary>Two servers for all tests of a run, started by the first that needs them. Each test gets databases of its own.</summary>
public sealed class PostgresServers : IAsyncDisposable
{
    private const string Template = "tidings_template";

    private static int _databases;
    private readonly Lazy<Task<PostgresServer[]>> _servers;
    private readonly List<PostgresServer> _started = [];
    private string? _template;

    public PostgresServers() => _servers = new(StartAsync);

    /// <summary>Connection strings of a database on each server, with the schema and nothing else.</summary>
    internal async Task<(string[] Servers, Func<ValueTask> Remove)> MakeAsync(string template = Template)
    {
        PostgresServer.Require();
        var servers = await _servers.Value;
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await Task.WhenAll(servers.Select(server => RunAsync(server, $"CREATE DATABASE {name} TEMPLATE {template}")));
        return ([.. servers.Select(server => server.ConnectionString(name))], async () =>
            await Task.WhenAll(servers.Select(server => RunAsync(server, $"DROP DATABASE {name} WITH (FORCE)"))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _started)
            await server.DisposeAsync();
        if (_template is not null)
            Directory.Delete(_template, recursive: true);
    }

    private async Task<PostgresServer[]> StartAsync()
    {
        _template = await PostgresServer.MakeTemplateAsync();
        for (var i = 0; i < 2; i++)
        {
            var server = await PostgresServer.StartAsync(_template);
            _started.Add(server);
            await RunAsync(server, $"CREATE DATABASE {Template}");
            await using var source = NpgsqlDataSource.Create(server.ConnectionString(Template) + ";Pooling=false");
            await Tidings.Postgres.Migrations.Migrations.ApplyAsync(source, TimeProvider.System, CancellationToken.None);
        }
        return [.. _started];
    }

    private static async Task RunAsync(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString("postgres") + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
