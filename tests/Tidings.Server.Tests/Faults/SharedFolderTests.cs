using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>One folder, two processes: at the same time, and one after the other was killed too early.</summary>
[Collection(nameof(FaultsCollection))]
public sealed class SharedFolderTests
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
