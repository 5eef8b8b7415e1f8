using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(), _elsewhere = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_elsewhere.Path, "copy");

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData(Durability.Always)]
    [InlineData(Durability.Interval)]
    public async Task A_copy_is_what_was_there_and_opens_beside_the_one_that_goes_on(Durability durability)
    {
        await using var profile = await OpenAsync(_folder.Path, durability);
        await Described.FillAsync(profile);
        var before = await Described.DescribeAsync(profile);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "models"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "models", "000001-a.model"), "a model", Ct);

        Assert.True(await profile.BackUpAsync(Target));
        var later = await PublishAsync(profile);
        await using (var copy = await OpenAsync(Target))
        {
            Assert.Equal(before, await Described.DescribeAsync(copy));
            Assert.Null((await BodyAsync(copy, later)));
            await PublishAsync(copy);
        }
        Assert.NotNull(await BodyAsync(profile, later));
        Assert.Equal("a model", await File.ReadAllTextAsync(Path.Combine(Target, "models", "000001-a.model"), Ct));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_elsewhere.Path, "*.making"));
    }

    /// <summary>Writers go on for as long as the copying takes: all that was answered before it is in each copy, and no hole in what came meanwhile.</summary>
    [Fact]
    public async Task A_copy_made_under_load_holds_a_beginning_of_what_came_meanwhile()
    {
        await using var profile = await OpenAsync(_folder.Path, Durability.Interval);
        await Described.FillAsync(profile);
        for (var round = 0; round < 5; round++)
        {
            var copied = false;
            var before = profile.Events.End;
            var writing = Task.Run(async () =>
            {
                while (!Volatile.Read(ref copied))
                    await PublishAsync(profile);
            }, Ct);
            Assert.True(await profile.BackUpAsync($"{Target}{round}"));
            Volatile.Write(ref copied, true);
            await writing;
            await using var copy = await OpenAsync($"{Target}{round}");
            Assert.InRange(copy.Events.End, before, profile.Events.End);
            await SameEventsAsync(profile, copy);
        }
    }

    [Fact]
    public async Task What_can_not_be_written_leaves_nothing_and_takes_nothing_from_the_record()
    {
        await using var profile = await OpenAsync(_folder.Path);
        await Described.FillAsync(profile);
        Directory.CreateDirectory(Target);
        await Assert.ThrowsAsync<IOException>(async () => await profile.BackUpAsync(Target));
        var file = Path.Combine(_elsewhere.Path, "file");
        await File.WriteAllTextAsync(file, "no folder", Ct);
        await Assert.ThrowsAnyAsync<IOException>(async () => await profile.BackUpAsync(Path.Combine(file, "copy")));
        Assert.Equal(["copy", "file"], Directory.EnumerateFileSystemEntries(_elsewhere.Path).Select(Path.GetFileName).Order());
        await PublishAsync(profile);
        Assert.False(profile.Failed.IsCompleted);
        Assert.True(await profile.BackUpAsync(Target + "2"));
    }

    private Task<EmbeddedProfile> OpenAsync(string folder, Durability durability = Durability.Always)
    {
        var options = EmbeddedPorts.Options(folder);
        options.Durability = durability;
        return EmbeddedProfile.OpenAsync(options, _clock, null, Ct);
    }

    private static async Task<PostId> PublishAsync(EmbeddedProfile profile) => (await profile.Posts.PublishAsync(
        new NewPost(new UserId(1), PostType.Text, Audience.Public, default, new PostBody("later", [])), null, Ct)).Value.Id;

    private static async Task<PostBody?> BodyAsync(EmbeddedProfile profile, PostId post)
    {
        var body = new PostBody?[1];
        await profile.Posts.BodiesAsync(new[] { post }, body, Ct);
        return body[0];
    }

    private static async Task SameEventsAsync(EmbeddedProfile profile, EmbeddedProfile copy)
    {
        var (ours, theirs) = (new Events.Event[100], new Events.Event[100]);
        for (var after = 0L; after < copy.Events.End;)
        {
            var count = await copy.Events.ReadAsync(after, theirs, Ct);
            Assert.True(await profile.Events.ReadAsync(after, ours, Ct) >= count);
            Assert.Equal(ours[..count], theirs[..count]);
            after = theirs[count - 1].Position;
        }
    }
}
