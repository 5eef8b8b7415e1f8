using System.Net;
using Tidings.Client.Wire;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Admin;

public sealed class BackupTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_copy_that_was_asked_for_serves_what_was_there()
    {
        using var folder = new DataFolder();
        var backups = Path.Combine(folder.Path, "..", "backups");
        await using var server = new RunningServer(TimeProvider.System, o => o with { Backups = backups }, folder);
        await server.InitializeAsync();
        var writer = await server.JoinAsync("writer");
        var post = await writer.Client.PublishAsync(new PublishRequest("kept"), null, Ct);
        Assert.Empty((await server.Admin.BackupsAsync(Ct)).Items);

        var made = await server.Admin.BackUpAsync(Ct);
        var later = await writer.Client.PublishAsync(new PublishRequest("not kept"), null, Ct);
        Assert.Equal(made, Assert.Single((await server.Admin.BackupsAsync(Ct)).Items));
        Assert.True(made.Bytes > 0);
        Assert.Contains(server.Log.All, line => line.Id == 15);

        await using var other = new RunningServer(TimeProvider.System, o => o with { DataFolder = made.Folder }, folder);
        await other.InitializeAsync();
        var same = new Tidings.Client.TidingsClient(other.Http, writer.Token);
        Assert.Equal("kept", (await same.PostAsync(post.Id, Ct)).Text);
        Assert.Equal(404, await same.StatusAsync("GET", $"/v1/posts/{later.Id}"));
        Assert.Equal([post.Id], (await same.FeedAsync("latest", null, null, Ct)).Items.Select(p => p.Id));
    }

    [Fact]
    public async Task A_copy_that_can_not_be_written_is_a_problem_that_says_why()
    {
        using var folder = new DataFolder();
        await using var server = new RunningServer(TimeProvider.System, o => o with { Backups = "/proc/nowhere" }, folder);
        await server.InitializeAsync();
        var problem = await server.Admin.SendAsync("POST", "/v1/admin/backups").ProblemAsync((HttpStatusCode)507);
        Assert.Equal("backup_failed", problem.Code);
        Assert.Contains("/proc/nowhere", problem.Detail);
        Assert.Equal(200, await server.Admin.StatusAsync("GET", "/v1/admin/status"));
    }
}
