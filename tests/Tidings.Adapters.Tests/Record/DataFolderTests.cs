using Tidings.Embedded;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    private Task<EmbeddedProfile> OpenAsync() => EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(_folder.Path), TimeProvider.System, null, Ct);

    [Fact]
    public async Task A_folder_that_is_open_is_refused_to_others_and_free_after_closing()
    {
        await using (await OpenAsync())
        {
            var refused = await Assert.ThrowsAsync<FolderInUseException>(OpenAsync);
            Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        }
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_newer_format_is_refused_and_left_as_it_is()
    {
        await (await OpenAsync()).DisposeAsync();
        var mark = Path.Combine(_folder.Path, "TIDINGS");
        Assert.Equal("tidings record, format 1\n", File.ReadAllText(mark));
        File.WriteAllText(mark, "tidings record, format 2\n");

        var refused = await Assert.ThrowsAsync<NewerFormatException>(OpenAsync);

        Assert.Contains("format 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains(mark, refused.Message, StringComparison.Ordinal);
        File.WriteAllText(mark, "something else");
        await Assert.ThrowsAsync<RecordDamagedException>(OpenAsync);
    }

    [Fact]
    public async Task A_folder_with_other_things_in_it_is_never_touched()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "thesis.txt"), "mine");

        var refused = await Assert.ThrowsAsync<NotARecordException>(OpenAsync);

        Assert.Contains("thesis.txt", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_off_begins_anew()
    {
        await (await OpenAsync()).DisposeAsync();
        File.Move(Path.Combine(_folder.Path, "TIDINGS"), Path.Combine(_folder.Path, "TIDINGS.making"));
        File.Delete(Path.Combine(_folder.Path, "record", "CURRENT"));

        await using var profile = await OpenAsync();

        Assert.Equal(0, profile.Events.End);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "TIDINGS.making")));
    }
}
