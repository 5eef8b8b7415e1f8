using System.Net;
using System.Net.Sockets;
using System.Diagnostics;
using Tidings.Client.Wire;
using Tidings.Server.Tests.Faults;
using Xunit;
using DataFolder = Tidings.Server.Tests.Simulation.DataFolder;

namespace Tidings.Server.Tests.Hosting;

/// <summary>The program as it is started, stopped and told what it doesn't know.</summary>
public sealed class ProcessTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task The_first_start_shows_the_admin_key_and_no_later_one_does_and_a_signal_ends_it_well()
    {
        using var folder = new DataFolder();
        string key, post;
        Someone writer;
        await using (var first = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0"))
        {
            key = await first.AdminKeyAsync();
            var service = await first.Client(key).MakeKeyAsync("backend", Ct);
            var person = await first.Client(key).AddPersonAsync(new NewPersonRequest("ana", "Ana"), Ct);
            writer = new Someone(person.Id, "ana", "Ana", service.Key, first.Client(service.Key, person.Id));
            post = (await writer.Client.PublishAsync(new PublishRequest("kept"), null, Ct)).Id;
            first.Terminate();
            Assert.Equal(0, await first.EndAsync());
            Assert.Contains("\"EventId\":2", first.Errors);
            Assert.Contains("\"EventId\":3", first.Errors);
        }

        await using var second = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0");
        Assert.True((await second.Client(key).StatusAsync(Ct)).Ready);
        Assert.Equal("kept", (await second.Client(writer.Token, writer.Id).PostAsync(post, Ct)).Text);
        Assert.DoesNotContain(key, second.Errors);
        second.Terminate();
        Assert.Equal(0, await second.EndAsync());
    }

    /// <summary>In a process of its own: several servers in one would share their meters.</summary>
    [Fact]
    public async Task Metrics_count_what_happens()
    {
        using var folder = new DataFolder();
        await using var server = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0");
        var admin = server.Client(await server.AdminKeyAsync());
        var key = await admin.MakeKeyAsync("backend", Ct);
        var person = await admin.AddPersonAsync(new NewPersonRequest("ana", "Ana"), Ct);
        var ana = server.Client(key.Key, person.Id);
        await ana.PublishAsync(new PublishRequest("a"), null, Ct);
        await ana.FeedAsync(null, null, null, Ct);
        await ana.FeedAsync(null, null, null, Ct);

        var text = await admin.SendAsync("GET", "/metrics").TextAsync();
        foreach (var metric in new[]
        {
            "http_server_request_duration_seconds_count", "http_route=\"/v1/feed\"", "tidings_feed_reads_total", "tidings_feed_duration_seconds_count",
            "tidings_fanout_backlog", "tidings_post_cache_hits_total{otel_scope_name=\"Tidings.Server\"} 1",
            "tidings_post_cache_misses_total{otel_scope_name=\"Tidings.Server\"} 1", "tidings_session_cache_entries{otel_scope_name=\"Tidings.Server\"} 2",
            "tidings_ready{otel_scope_name=\"Tidings.Server\"} 1", "dotnet_gc_collections_total",
        })
            Assert.Contains(metric, text);
    }

    [Fact]
    public async Task A_lost_admin_key_is_replaced_and_worth_nothing_any_more()
    {
        using var folder = new DataFolder();
        string lost;
        await using (var server = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0"))
        {
            lost = await server.AdminKeyAsync();
            server.Terminate();
            await server.EndAsync();
        }
        var (code, said) = await RunAsync([], "new-admin-key", "--data", folder.Path);
        Assert.Equal(0, code);
        await using var again = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0");
        Assert.True((await again.Client(said.Trim()).StatusAsync(Ct)).Ready);
        Assert.Equal(401, await again.Client(lost).StatusAsync("GET", "/v1/admin/status"));
    }

    [Fact]
    public async Task A_folder_that_another_server_has_open_is_refused()
    {
        using var folder = new DataFolder();
        await using var server = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0");
        var (code, errors) = await RunAsync([], "--data", folder.Path, "--urls", "http://127.0.0.1:0");
        Assert.Equal(3, code);
        Assert.Contains("in use", errors);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_before_anything_is_made()
    {
        using var folder = new DataFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (code, errors) = await RunAsync([], "--data", folder.Path, "--urls", $"http://{other.LocalEndpoint}");
        Assert.Equal(4, code);
        Assert.Contains("--urls", errors);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task A_public_address_is_refused_before_anything_is_made()
    {
        using var folder = new DataFolder();
        var (code, errors) = await RunAsync([], "--data", folder.Path, "--urls", "http://0.0.0.0:0");
        Assert.Equal(2, code);
        Assert.Contains("--insecure-public", errors);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task What_the_program_does_not_know_is_refused()
    {
        Assert.Equal((2, true), await Refused([], "--dat", "x"));
        Assert.Equal((2, true), await Refused([], "server"));
        Assert.Equal((2, true), await Refused([("TIDINGS_DATE", "x")]));
        Assert.Equal((2, true), await Refused([], "--hot-posts", "7"));

        static async Task<(int, bool)> Refused((string, string)[] variables, params string[] arguments)
        {
            var (code, errors) = await RunAsync(variables, arguments);
            return (code, errors.Length > 0);
        }
    }

    private static async Task<(int Code, string Said)> RunAsync((string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Tidings.Server"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = await process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct).WaitAsync(ServerProcess.Patience, Ct);
        return (process.ExitCode, await output + errors);
    }
}
