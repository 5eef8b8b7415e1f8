using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

/// <summary>What erasing leaves on the disk, byte by byte, and after a crash.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    /// <summary>What only the erased person wrote or is called by: nothing that compression could break up.</summary>
    private static readonly string[] Theirs =
    [
        "qz7handlex", "Qz7 Namelong", "qz7 biography", "qz7 first text", "qz7 edited text", "qz7 deleted text", "qz7mediaid", "qz7 comment here",
        "qz7 comment gone", "qz7 list name", "qz7-idempotency-key",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private EmbeddedProfile _profile = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _profile = await OpenAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<EmbeddedProfile> OpenAsync(string folder) =>
        await EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(folder), _clock, null, Ct);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_compaction_no_file_holds_a_word_of_an_erased_person(bool flushedBefore)
    {
        var (person, other) = await FillAsync(_profile);
        if (flushedBefore)
            await ReopenAsync();
        Assert.NotEmpty(Scan(_folder.Path, Theirs));
        await EraseAsync(_profile, person);
        Assert.Equal(0, await _profile.CompactErasedAsync(_clock.GetUtcNow().ToUnixTimeMilliseconds() - 1, Ct));
        Assert.Equal(1, await _profile.CompactErasedAsync(_clock.GetUtcNow().ToUnixTimeMilliseconds(), Ct));
        Assert.Equal(0, await _profile.CompactErasedAsync(long.MaxValue, Ct));

        Assert.Empty(Scan(_folder.Path, Theirs));
        Assert.NotEmpty(Scan(_folder.Path, ["kept text of another"]));
        Assert.Equal(other, await _profile.People.FindAsync("another", Ct));
        await ReopenAsync();
        Assert.Empty(Scan(_folder.Path, Theirs));
        Assert.Null(await _profile.People.FindAsync("qz7handlex", Ct));
        Assert.False(await _profile.People.ExistsAsync(person, Ct));
    }

    [Fact]
    public async Task A_crash_after_any_step_loses_no_place()
    {
        var (person, _) = await FillAsync(_profile);
        await _profile.PersonalData.CloseAsync(person, Ct);
        for (var more = true; more;)
        {
            using var copy = TemporaryFolder.CopyOf(_folder.Path);
            await using (var crashed = await OpenAsync(copy.Path))
            {
                Assert.Equal([person], await crashed.PersonalData.ClosedAsync(Ct));
                Assert.Equal("person_not_found", (await crashed.Posts.PublishAsync(Text(person, "x"), null, Ct)).Rejection!.Code);
                while (await crashed.PersonalData.EraseSomeAsync(person, Ct))
                    Ct.ThrowIfCancellationRequested();
                Assert.Null(await crashed.People.FindAsync("qz7handlex", Ct));
                Assert.Equal(1, await crashed.CompactErasedAsync(long.MaxValue, Ct));
                Assert.Empty(Scan(copy.Path, Theirs));
            }
            more = await _profile.PersonalData.EraseSomeAsync(person, Ct);
        }
        using var last = TemporaryFolder.CopyOf(_folder.Path);
        await using var reopened = await OpenAsync(last.Path);
        Assert.Empty(await reopened.PersonalData.ClosedAsync(Ct));
        Assert.Equal(1, await reopened.CompactErasedAsync(long.MaxValue, Ct));
    }

    [Fact]
    public async Task Closing_the_record_does_not_wait_for_a_long_compaction()
    {
        var (person, _) = await FillAsync(_profile);
        await EraseAsync(_profile, person);
        var compacting = _profile.CompactErasedAsync(long.MaxValue, Ct).AsTask();
        await _profile.DisposeAsync();
        var done = await compacting;
        _profile = await OpenAsync(_folder.Path);
        Assert.Equal(1 - done, await _profile.CompactErasedAsync(long.MaxValue, Ct));
        Assert.Empty(Scan(_folder.Path, Theirs));
    }

    private async Task ReopenAsync()
    {
        await _profile.DisposeAsync();
        _profile = await OpenAsync(_folder.Path);
    }

    private static async Task EraseAsync(EmbeddedProfile profile, UserId person)
    {
        await profile.PersonalData.CloseAsync(person, Ct);
        while (await profile.PersonalData.EraseSomeAsync(person, Ct))
            Ct.ThrowIfCancellationRequested();
    }

    private static NewPost Text(UserId author, string text) =>
        new(author, PostType.Text, Audience.Public, default, new PostBody(text, []));

    /// <summary>One person with something of every kind, and another who is there before and after.</summary>
    private static async Task<(UserId Person, UserId Other)> FillAsync(EmbeddedProfile profile)
    {
        var other = (await profile.People.AddAsync(new NewPerson("another", "Another", "", []), Ct)).Value;
        var person = (await profile.People.AddAsync(new NewPerson("qz7handlex", "Qz7 Namelong", "qz7 biography", [1, 2, 3]), Ct)).Value;
        await profile.People.UpdateAsync(person, "Qz7 Namelong Second", "qz7 biography second", Ct);
        var claim = new IdempotencyClaim("qz7-idempotency-key", new byte[32]);
        var mine = (await profile.Posts.PublishAsync(Text(person, "qz7 first text"), claim, Ct)).Value.Id;
        await profile.Posts.EditAsync(mine, person, new PostEdit("qz7 edited text", null, default), null, Ct);
        var picture = new NewPost(person, PostType.Image, Audience.Public, default, new PostBody("", ["qz7mediaid"]));
        await profile.Posts.PublishAsync(picture, null, Ct);
        var deleted = (await profile.Posts.PublishAsync(Text(person, "qz7 deleted text"), null, Ct)).Value.Id;
        await profile.Posts.DeleteAsync(deleted, person, null, Ct);
        var theirs = (await profile.Posts.PublishAsync(Text(other, "kept text of another"), null, Ct)).Value.Id;
        await profile.Engagement.CommentAsync(person, theirs, "qz7 comment here", null, Ct);
        var gone = (await profile.Engagement.CommentAsync(person, theirs, "qz7 comment gone", null, Ct)).Value.Id;
        await profile.Engagement.DeleteCommentAsync(person, theirs, gone, Ct);
        await profile.Engagement.MarkAsync(person, theirs, Mark.Like, true, Ct);
        await profile.Graph.ChangeAsync(person, TieAction.Follow, other, Ct);
        await profile.Graph.ChangeAsync(other, TieAction.Mute, person, Ct);
        await profile.Audiences.AddAsync(person, "qz7 list name", Ct);
        return (person, other);
    }

    /// <returns>Where which of the words stand, in any letters' case, in UTF-8 or UTF-16.</returns>
    private static List<string> Scan(string folder, string[] words)
    {
        var found = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(path) is "TIDINGS.lock" or "LOCK")
                continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            found.AddRange(words.Where(word => Has(bytes, word)).Select(word => $"{Path.GetFileName(path)}: {word}"));
        }
        return found;

        static bool Has(ReadOnlySpan<byte> bytes, string word) =>
            bytes.IndexOf(Encoding.UTF8.GetBytes(word)) >= 0 || bytes.IndexOf(Encoding.Unicode.GetBytes(word)) >= 0;
    }
}
