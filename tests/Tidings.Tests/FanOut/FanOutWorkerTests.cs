using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class FanOutWorkerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<PostId> PostAsync(SimulatedTidings tidings, UserId author) => (await tidings.Publish.ExecuteAsync(
        new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, None)).Value.Id;

    private static async Task<List<PostId>> InboxAsync(SimulatedTidings tidings, UserId reader)
    {
        var ids = new PostId[IInboxes.CapEntries];
        var read = await tidings.Profile.Inboxes.ReadAsync(reader, ids, None);
        return [.. ids.Take(Math.Max(0, read.Count))];
    }

    private static async Task<List<PostId>> ReadAsync(SimulatedTidings tidings, UserId reader)
    {
        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, 100, null), None)).Value;
        return [.. page.Items.ToArray().Select(item => item.Header.Id)];
    }

    private static async Task<FanOutMode> ModeAsync(SimulatedTidings tidings, UserId author)
    {
        var mode = new FanOutMode[1];
        await tidings.Profile.Modes.ModesAsync(new[] { author }, mode, None);
        return mode[0];
    }

    private static async Task<UserId[]> FollowersAsync(SimulatedTidings tidings, UserId author, int count)
    {
        var followers = new UserId[count];
        for (var i = 0; i < count; i++)
        {
            followers[i] = await tidings.JoinAsync($"follower_{i}");
            await tidings.ChangeTie.ExecuteAsync(followers[i], TieAction.Follow, author, None);
        }
        await tidings.DrainFanOutAsync();
        return followers;
    }

    [Fact]
    public async Task A_post_goes_to_those_who_are_online_first_and_to_nobody_who_is_dormant()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var followers = await FollowersAsync(tidings, author, 3);
        var (dormant, active, online) = (followers[0], followers[1], followers[2]);
        await ReadAsync(tidings, dormant);
        tidings.Clock.Advance(TimeSpan.FromDays(15));
        await ReadAsync(tidings, active);
        tidings.Clock.Advance(TimeSpan.FromHours(1));
        await ReadAsync(tidings, online);

        var post = await PostAsync(tidings, author);
        await tidings.FanOut.StepAsync(None);
        Assert.Equal([post], await InboxAsync(tidings, online));
        Assert.Empty(await InboxAsync(tidings, active));

        await tidings.DrainFanOutAsync();
        Assert.Equal([post], await InboxAsync(tidings, active));
        Assert.Empty(await InboxAsync(tidings, dormant));
        Assert.Equal([post], await ReadAsync(tidings, dormant));
    }

    /// <summary>Inboxes that can't be reached some times.</summary>
    private sealed class UnsteadyInboxes(IInboxes inner) : IInboxes
    {
        public int FailuresLeft { get; set; }

        public ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => inner.ReadAsync(reader, into, ct);

        public ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => inner.PeekAsync(reader, into, ct);

        public ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct) => inner.OpenAsync(reader, ct);

        public ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct) =>
            inner.FillAsync(reader, ticket, posts, ct);

        public ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct) =>
            FailuresLeft-- > 0 ? throw new IOException("away") : inner.DeliverAsync(post, readers, ct);

        public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) => inner.DropAsync(readers, ct);

        public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct) => inner.RetireAsync(seenBeforeUnixMs, ct);
    }

    [Fact]
    public async Task A_slice_that_could_not_be_delivered_is_delivered_when_the_worker_runs_again()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var followers = await FollowersAsync(tidings, author, 6);
        foreach (var follower in followers)
            await ReadAsync(tidings, follower);
        tidings.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var online in followers[..3])
            await ReadAsync(tidings, online);

        var profile = tidings.Profile;
        var unsteady = new UnsteadyInboxes(profile.Inboxes);
        var worker = new FanOutWorker(
            profile.Events, profile.Graph, unsteady, profile.Presence, profile.Modes, new FanOutPolicy(), tidings.Clock, profile.Events.End);
        var posts = new[] { await PostAsync(tidings, author), await PostAsync(tidings, author) };
        for (var slice = 0; slice < 4; slice++)
        {
            unsteady.FailuresLeft = 1;
            await Assert.ThrowsAsync<IOException>(async () => await worker.StepAsync(None));
            Assert.True(await worker.StepAsync(None));
        }
        Assert.False(await worker.StepAsync(None));
        Assert.Equal(0, worker.Waiting);
        foreach (var follower in followers)
            Assert.Equal(posts.Reverse(), await InboxAsync(tidings, follower));
    }

    [Fact]
    public async Task An_author_who_crosses_the_threshold_up_and_down_loses_no_post_in_anybodys_feed()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 10);
        var author = await tidings.JoinAsync("author");
        var followers = await FollowersAsync(tidings, author, 9);
        var reader = followers[0];
        var posts = new List<PostId>();
        await PostAndReadAsync(FanOutMode.Push);

        var tenth = await tidings.JoinAsync("tenth");
        await tidings.ChangeTie.ExecuteAsync(tenth, TieAction.Follow, author, None);
        await PostAndReadAsync(FanOutMode.Pull);
        await tidings.ChangeTie.ExecuteAsync(tenth, TieAction.Unfollow, author, None);
        await PostAndReadAsync(FanOutMode.Pull);
        await tidings.ChangeTie.ExecuteAsync(followers[8], TieAction.Unfollow, author, None);
        await PostAndReadAsync(FanOutMode.Push);

        async Task PostAndReadAsync(FanOutMode mode)
        {
            await tidings.DrainFanOutAsync();
            Assert.Equal(mode, await ModeAsync(tidings, author));
            posts.Insert(0, await PostAsync(tidings, author));
            await tidings.DrainFanOutAsync();
            Assert.Equal(posts, await ReadAsync(tidings, reader));
        }
    }

    [Fact]
    public async Task A_pulled_authors_post_is_written_to_no_inbox()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 3);
        var author = await tidings.JoinAsync("author");
        var followers = await FollowersAsync(tidings, author, 5);
        foreach (var follower in followers)
            await ReadAsync(tidings, follower);
        var post = await PostAsync(tidings, author);
        await tidings.DrainFanOutAsync();
        foreach (var follower in followers)
        {
            Assert.Empty(await InboxAsync(tidings, follower));
            Assert.Equal([post], await ReadAsync(tidings, follower));
        }
    }

    [Fact]
    public async Task An_author_of_many_slices_delays_another_by_one_slice()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 10_000);
        var (large, small) = (await tidings.JoinAsync("large"), await tidings.JoinAsync("small"));
        var reader = await tidings.JoinAsync("reader");
        await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Follow, small, None);
        var crowd = Enumerable.Range(0, 2_500).Select(i => new NewPerson($"crowd_{i}", "crowd", "", [])).ToArray();
        var ids = new UserId[crowd.Length];
        await tidings.Profile.Bulk.AddPeopleAsync(crowd, ids, None);
        await tidings.Profile.Bulk.StoreAsync(new("crowd", 1, [.. ids.Select(id => (id, large))], []), None);
        await ReadAsync(tidings, reader);
        await tidings.DrainFanOutAsync();

        await PostAsync(tidings, large);
        var post = await PostAsync(tidings, small);
        await tidings.FanOut.StepAsync(None);
        await tidings.FanOut.StepAsync(None);
        Assert.Equal([post], await InboxAsync(tidings, reader));
        Assert.Equal(1, tidings.FanOut.Waiting);
    }

    [Fact]
    public async Task Delivering_again_after_a_crash_changes_nothing()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        var author = await tidings.JoinAsync("author");
        var reader = (await FollowersAsync(tidings, author, 1))[0];
        await ReadAsync(tidings, reader);
        var from = tidings.Profile.Events.End;
        var posts = new List<PostId>();
        for (var i = 0; i < 20; i++)
            posts.Insert(0, await PostAsync(tidings, author));
        var p = tidings.Profile;
        for (var run = 0; run < 3; run++)
        {
            var worker = new FanOutWorker(p.Events, p.Graph, p.Inboxes, p.Presence, p.Modes, new FanOutPolicy(), tidings.Clock, from);
            for (var steps = 0; steps < 7 * (run + 1) && await worker.StepAsync(None); steps++)
            {
            }
        }
        await tidings.DrainFanOutAsync();
        Assert.Equal(posts, await InboxAsync(tidings, reader));
    }
}
