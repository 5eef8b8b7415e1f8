using System.Net;
using Tidings.Client.Wire;
using Tidings.Embedded;
using Tidings.Server.Hosting;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Hosting;

public sealed class HealthTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_server_that_runs_lives_and_is_ready()
    {
        Assert.Equal("ok\n", await server.Anonymous.SendAsync("GET", "/livez").TextAsync());
        Assert.Equal("ready\n", await server.Anonymous.SendAsync("GET", "/readyz").TextAsync());
        await server.SettledAsync();
        Assert.Equal("record ok\nfan-out 0 behind\nrequests taken\nready\n", await server.Anonymous.SendAsync("GET", "/readyz?verbose").TextAsync());
    }

    [Fact]
    public async Task Metrics_are_for_this_machine_and_for_the_admin()
    {
        var someone = await server.JoinAsync("someone");
        Assert.Equal(401, await server.Anonymous.StatusAsync("GET", "/metrics", null, ("X-Forwarded-For", "10.0.0.1")));
        Assert.Equal(401, await server.Anonymous.StatusAsync("GET", "/metrics", null, ("Forwarded", "for=10.0.0.1")));
        Assert.Equal(403, await someone.Client.StatusAsync("GET", "/metrics", null, ("X-Forwarded-For", "10.0.0.1")));
        Assert.Equal(200, await server.Admin.StatusAsync("GET", "/metrics", null, ("X-Forwarded-For", "10.0.0.1")));
    }

    [Fact]
    public async Task A_record_that_fails_ends_the_server_with_an_error()
    {
        await using var own = new RunningServer();
        await own.InitializeAsync();
        var ended = own.Server.RunToEndAsync(Ct);
        Assert.True(own.Get<FailStop>().Saw(new RecordFailedException("folder", new IOException("broken"))));
        Assert.False(own.Get<Readiness>().IsReady);
        Assert.Equal(FailStop.ExitCode, await ended);
        Assert.Single(own.Log.All, l => l.Id == 4 && l.Text == "record failed: the server stops.");
    }

    [Fact]
    public async Task On_a_full_disk_writes_are_refused_and_reads_go_on()
    {
        using var folder = new DataFolder();
        var token = "";
        await using (var before = new RunningServer(TimeProvider.System, o => o, folder))
        {
            await before.InitializeAsync();
            var writer = await before.JoinAsync("writer");
            token = writer.Token;
            await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        }

        await using var full = new RunningServer(TimeProvider.System, o => o with { FreeMib = 1_048_576 }, folder);
        await full.InitializeAsync();
        Assert.Null(full.Server.NewAdminKey);
        var someone = full.Anonymous.As(token);
        var problem = await someone.SendAsync("POST", "/v1/posts", """{"text":"b"}""").ProblemAsync(HttpStatusCode.InsufficientStorage);
        Assert.Equal("storage_full", problem.Code);
        Assert.Equal("a", Assert.Single((await someone.FeedAsync(null, null, null, Ct)).Items).Text);
        Assert.Equal("ready\n", await full.Anonymous.SendAsync("GET", "/readyz").TextAsync());
    }

    [Fact]
    public async Task Readiness_goes_before_the_last_requests_and_they_are_answered()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        await using var own = new RunningServer(clock, o => o with { DrainSeconds = 30 });
        await own.InitializeAsync();
        var writer = await own.JoinAsync("writer");
        var stopped = own.Server.StopAsync();
        await RunningServer.UntilAsync(() => !own.Get<Readiness>().IsReady);
        Assert.Equal(503, await own.Anonymous.StatusAsync("GET", "/readyz"));
        await writer.Client.PublishAsync(new PublishRequest("a late one"), null, Ct);
        Assert.False(stopped.IsCompleted);
        await RunningServer.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return stopped.IsCompleted;
        });
        await stopped;
        await Assert.ThrowsAsync<HttpRequestException>(() => own.Anonymous.SendAsync("GET", "/livez"));
    }
}
