using CsCheck;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Live;

/// <summary>
/// People who follow, block, mute, post, edit, delete and like at random, all of them connected, some slow to take what they are told. What is
/// told is held against what a read of the same moment says.
/// </summary>
public sealed class LivePrivacyTests
{
    private const int People = 4, PostsMax = 6;

    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly TieAction[] Ties =
    [
        TieAction.Follow, TieAction.Follow, TieAction.Unfollow, TieAction.RequestFriend, TieAction.RequestFriend, TieAction.Unfriend,
        TieAction.Block, TieAction.Unblock, TieAction.Unblock, TieAction.Mute, TieAction.Unmute,
    ];

    private enum Kind { Tie, Post, Edit, Delete, Like, Watch, Take }

    private readonly record struct Step(Kind Kind, int Who, int Whom, int Choice);

    private static readonly Gen<Step[]> Lives = Gen.Select(
        Gen.Frequency((6, Gen.Const(Kind.Tie)), (4, Gen.Const(Kind.Post)), (2, Gen.Const(Kind.Edit)), (1, Gen.Const(Kind.Delete)),
            (2, Gen.Const(Kind.Like)), (2, Gen.Const(Kind.Watch)), (5, Gen.Const(Kind.Take))),
        Gen.Int[0, People - 1], Gen.Int[0, People - 1], Gen.Int[0, 1_000], (kind, who, whom, choice) => new Step(kind, who, whom, choice)).Array[10, 60];

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task Nobody_is_told_what_a_read_would_not_show_and_whoever_should_be_told_is(int threshold)
    {
        await using var world = await LiveWorld.StartAsync(threshold);
        var lives = 0;
        await Lives.SampleAsync(async steps => await LiveAsync(world, steps, ++lives), iter: 60, threads: 1);
    }

    private static async Task LiveAsync(LiveWorld world, Step[] steps, int life)
    {
        var people = new UserId[People];
        for (var i = 0; i < People; i++)
            people[i] = await world.JoinAsync($"p{life}_{i}");
        var open = people.Select(p => world.Open(p)).ToArray();
        var posts = new List<(PostId Id, UserId Author)>();
        foreach (var step in steps)
            await DoAsync(world, step, people, open, posts);
        foreach (var connection in open)
        {
            await CheckAsync(world, connection);
            world.Relay.Close(connection);
        }
    }

    private static async Task DoAsync(
        LiveWorld world, Step step, UserId[] people, LiveConnection[] open, List<(PostId Id, UserId Author)> posts)
    {
        var (who, whom) = (people[step.Who], people[step.Whom]);
        var some = posts.Count > 0 ? posts[step.Choice % posts.Count] : default;
        switch (step.Kind)
        {
            case Kind.Tie:
                await world.DoAsync(who, Ties[step.Choice % Ties.Length], whom);
                break;
            case Kind.Post when posts.Count < PostsMax:
                await PostAsync(world, who, step.Choice % 2 == 0 ? Audience.Public : Audience.Friends, people, open, posts);
                break;
            case Kind.Edit when posts.Count > 0:
                await world.EditAsync(some.Id, some.Author, new PostEdit("other", (Audience)(step.Choice % 2), default));
                break;
            case Kind.Delete when posts.Count > 0:
                await world.DeleteAsync(some.Id, some.Author);
                break;
            case Kind.Like when posts.Count > 0:
                await world.Tidings.Mark.ExecuteAsync(who, some.Id, Mark.Like, step.Choice % 3 > 0, None);
                await world.SettleAsync();
                world.Tidings.Clock.Advance(TimeSpan.FromMilliseconds(LiveCounters.IntervalMs));
                world.Pulse.Tick();
                break;
            case Kind.Watch:
                world.Relay.Watch(open[step.Who], [.. posts.Where((_, i) => (step.Choice >> i) % 2 == 0).Select(p => p.Id)]);
                break;
            case Kind.Take:
                await CheckAsync(world, open[step.Who]);
                break;
        }
    }

    /// <summary>Whoever follows the author and may see the post is told of it, nobody else, and no number is spent on nobody else.</summary>
    private static async Task PostAsync(
        LiveWorld world, UserId author, Audience audience, UserId[] people, LiveConnection[] open, List<(PostId Id, UserId Author)> posts)
    {
        var before = open.Select(c => c.Reader.Last).ToArray();
        var post = await world.PostAsync(author, audience);
        posts.Add((post, author));
        for (var i = 0; i < People; i++)
        {
            var shown = people[i] != author && await InFeedAsync(world, people[i], post);
            Assert.Equal(before[i] + (shown ? 1 : 0), open[i].Reader.Last);
        }
    }

    private static async Task CheckAsync(LiveWorld world, LiveConnection connection)
    {
        foreach (var frame in await world.TakeAsync(connection))
        {
            if (frame.Kind == FrameKind.Posted)
                Assert.True(await InFeedAsync(world, connection.Person, frame.Post), "told of a post that the feed doesn't show");
            if (frame.Kind is FrameKind.Edited or FrameKind.Counters)
                Assert.True(await CanSeeAsync(world, connection.Person, frame.Post), $"{frame.Kind} of a post that may not be seen");
            if (frame.Kind == FrameKind.Lost)
                Assert.False(await CanSeeAsync(world, connection.Person, frame.Post), "a post that may be seen was taken from the screen");
        }
        foreach (var watched in connection.Watched)
            Assert.True(await CanSeeAsync(world, connection.Person, watched), "what may not be seen stays on the screen");
    }

    private static async Task<bool> CanSeeAsync(LiveWorld world, UserId reader, PostId post) => (await world.Tidings.See.OneAsync(reader, post, None)).IsOk;

    private static async Task<bool> InFeedAsync(LiveWorld world, UserId reader, PostId post)
    {
        using var page = (await world.Tidings.ReadFeed.ExecuteAsync(reader, new(Tidings.Feeds.FeedOrder.Latest, 100, null), None)).Value;
        return page.Items.ToArray().Any(item => item.Header.Id == post);
    }
}
