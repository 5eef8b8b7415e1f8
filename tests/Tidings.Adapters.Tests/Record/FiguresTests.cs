using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class FiguresTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task What_was_committed_is_counted_once_and_from_the_start_of_the_process()
    {
        using var folder = new TemporaryFolder();
        await using (var profile = await OpenAsync(folder))
        {
            var (ada, bob) = (await JoinAsync(profile, "ada"), await JoinAsync(profile, "bob"));
            var post = await PublishAsync(profile, ada);
            await PublishAsync(profile, ada);
            foreach (var on in new[] { true, true, false, true })
                await profile.Engagement.MarkAsync(bob, post, Mark.Like, on, Ct);
            await profile.Engagement.MarkAsync(bob, post, Mark.Hide, true, Ct);
            var comment = (await profile.Engagement.CommentAsync(bob, post, "hm", null, Ct)).Value;
            await profile.Engagement.DeleteCommentAsync(bob, post, comment.Id, Ct);
            Assert.Equal(new CommittedFigures(2, 4), profile.Figures.Committed);
        }
        await using var again = await OpenAsync(folder);
        Assert.Equal(default, again.Figures.Committed);
    }

    [Fact]
    public async Task Memory_is_told_as_it_is_taken_and_given_back()
    {
        using var folder = new TemporaryFolder();
        await using var profile = await OpenAsync(folder);
        var (ada, bob) = (await JoinAsync(profile, "ada"), await JoinAsync(profile, "bob"));
        Assert.Equal((0, 0, 0, 0, 0), Sizes());
        var post = PostId.None;
        for (var i = 0; i < 17; i++)
            post = await PublishAsync(profile, ada);
        // Sixteen slots of four bytes are a block of 64; the seventeenth post needs the next larger one.
        Assert.Equal((17, 0, 0, 128, 0), Sizes());

        Assert.True(await profile.Inboxes.FillAsync(bob, await profile.Inboxes.OpenAsync(bob, Ct), new[] { post }, Ct));
        await profile.Snapshots.SaveAsync(bob, new[] { post }, Ct);
        var (hot, inboxes, inboxBytes, timelineBytes, snapshotBytes) = Sizes();
        Assert.Equal((17, 1, 128), (hot, inboxes, timelineBytes));
        Assert.True(inboxBytes > 0 && snapshotBytes > 0);
        Assert.Equal(1, profile.Figures.InboxEntries);
        await profile.Inboxes.DropAsync(new[] { bob }, Ct);
        Assert.Equal((17, 0, 0, 128, snapshotBytes), Sizes());
        Assert.Equal(0, profile.Figures.SeenBytes);

        (int, long, long, long, long) Sizes() =>
            (profile.Figures.HotPosts, profile.Figures.Inboxes, profile.Figures.InboxBytes, profile.Figures.TimelineBytes, profile.Figures.SnapshotBytes);
    }

    [Fact]
    public async Task A_cache_tells_its_hits_and_misses()
    {
        using var folder = new TemporaryFolder();
        await using (var profile = await OpenAsync(folder))
            await PublishAsync(profile, await JoinAsync(profile, "ada"));
        await using var again = await OpenAsync(folder);
        var before = again.Figures.People;
        for (var i = 0; i < 3; i++)
            await again.People.GetAsync(new[] { new UserId(1) }, new Person?[1], Ct);
        var now = again.Figures.People;
        Assert.Equal((1, 2, 1), (now.Misses - before.Misses, now.Hits - before.Hits, now.Entries));
        Assert.Equal(262_144, now.EntriesMax);
    }

    private Task<EmbeddedProfile> OpenAsync(TemporaryFolder folder) => EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(folder.Path), _clock, null, Ct);

    private static async Task<UserId> JoinAsync(EmbeddedProfile profile, string handle) =>
        (await profile.People.AddAsync(new NewPerson(handle, handle, "", []), Ct)).Value;

    private static async Task<PostId> PublishAsync(EmbeddedProfile profile, UserId author) => (await profile.Posts.PublishAsync(
        new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, Ct)).Value.Id;
}
