using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>How the process begins and ends, as a supervisor sees it.</summary>
[Collection(nameof(FaultsCollection))]
public sealed class ProcessTests
{
    [Fact]
    public async Task A_second_process_on_the_same_folder_says_so_and_ends_and_leaves_the_first_alone()
    {
        using var folder = new DataFolder();
        await using var first = await ServerProcess.ReadyAsync(folder.Path);
        var admin = first.Client(await first.AdminKeyAsync());

        await using var second = ServerProcess.Start(folder.Path, []);
        Assert.False(await second.TryBeReadyAsync());

        Assert.Equal(3, await second.EndAsync());
        Assert.Contains(folder.Path, second.Errors);
        Assert.Contains("in use by another process", second.Errors);
        await admin.AddPersonAsync(new NewPersonRequest("still", "Still here"), CancellationToken.None);
    }

    [Fact]
    public async Task Told_to_end_it_closes_the_record_and_ends_with_0()
    {
        using var folder = new DataFolder();
        await using var server = await ServerProcess.ReadyAsync(folder.Path);
        await server.Client(await server.AdminKeyAsync()).AddPersonAsync(new NewPersonRequest("ana", "Ana"), CancellationToken.None);

        server.Terminate();

        Assert.Equal(0, await server.EndAsync());
        Assert.Contains("the record is closed", server.Errors);
    }

    [Fact]
    public async Task Killed_in_its_first_moments_it_starts_again_on_what_is_there()
    {
        using var folder = new DataFolder();
        await using (var server = ServerProcess.Start(folder.Path, []))
        {
            await server.Stirs.WaitAsync(ServerProcess.Patience);
            server.Kill();
        }
        await using var again = await ServerProcess.ReadyAsync(folder.Path);
        Assert.False(again.HasExited);
    }
}
