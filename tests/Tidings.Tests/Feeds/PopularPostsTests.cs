using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class PopularPostsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SimulatedTidings _tidings = null!;
    private UserId[] _people = [];
    private PopularPosts _popular = null!;

    public async ValueTask InitializeAsync()
    {
        _tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        _people = new UserId[8];
        for (var i = 0; i < _people.Length; i++)
            _people[i] = await _tidings.JoinAsync($"person_{i}");
        _popular = New();
    }

    public ValueTask DisposeAsync() => _tidings.DisposeAsync();

    private PopularPosts New() => new(
        _tidings.Profile.Events, _tidings.Profile.Posts, _tidings.Profile.Graph, _tidings.Profile.Engagement, _tidings.Plans, _tidings.Clock);

    private async Task<PostId> PostAsync(int author, int likes = 0, Audience audience = Audience.Public)
    {
        var post = (await _tidings.Publish.ExecuteAsync(
            new NewPost(_people[author], PostType.Text, audience, default, new PostBody("hello", [])), null, None)).Value.Id;
        for (var i = 0; i < likes; i++)
            Assert.True((await _tidings.Mark.ExecuteAsync(_people[i], post, Mark.Like, true, None)).IsOk);
        return post;
    }

    private async Task<PostId[]> ReadAsync(UserId viewer, int max = 100) => [.. (await _popular.ReadAsync(viewer, max, None)).Select(header => header.Id)];

    [Fact]
    public async Task The_most_popular_come_first_and_are_given_to_whoever_follows_nobody()
    {
        var (one, four, none) = (await PostAsync(0, likes: 1), await PostAsync(1, likes: 4), await PostAsync(2));
        Assert.Empty(await ReadAsync(_people[7]));
        await _popular.StepAsync(None);
        Assert.Equal([four, one, none], await ReadAsync(_people[7]));
        Assert.Equal([four, one], await ReadAsync(_people[7], max: 2));

        await _tidings.Comment.ExecuteAsync(_people[5], none, "hm", null, None);
        await _tidings.Mark.ExecuteAsync(_people[5], none, Mark.Share, true, None);
        await _popular.StepAsync(None);
        Assert.Equal([none, four, one], await ReadAsync(_people[7]));
    }

    [Fact]
    public async Task It_fades_and_is_forgotten_after_a_day()
    {
        var old = await PostAsync(0, likes: 3);
        await _popular.StepAsync(None);
        _tidings.Clock.Advance(TimeSpan.FromHours(23.9));
        var young = await PostAsync(1, likes: 1);
        await _popular.StepAsync(None);
        Assert.Equal([young, old], await ReadAsync(_people[7]));
        _tidings.Clock.Advance(TimeSpan.FromHours(0.2));
        await _tidings.Mark.ExecuteAsync(_people[5], old, Mark.Like, true, None);
        await _popular.StepAsync(None);
        Assert.Equal([young], await ReadAsync(_people[7]));
    }

    [Fact]
    public async Task A_viewer_is_shown_nothing_that_a_rule_stands_against()
    {
        var posts = new PostId[7];
        for (var i = 0; i < posts.Length; i++)
            posts[i] = await PostAsync(i, likes: i == 5 ? 0 : 1, i == 5 ? Audience.Friends : Audience.Public);
        await _popular.StepAsync(None);
        var viewer = _people[7];
        Assert.Equal([posts[6], posts[4], posts[3], posts[2], posts[1], posts[0]], await ReadAsync(viewer));

        await _tidings.ChangeTie.ExecuteAsync(viewer, TieAction.Block, _people[0], None);
        await _tidings.ChangeTie.ExecuteAsync(_people[1], TieAction.Block, viewer, None);
        await _tidings.ChangeTie.ExecuteAsync(viewer, TieAction.Mute, _people[2], None);
        await _tidings.Mark.ExecuteAsync(viewer, posts[3], Mark.Hide, true, None);
        await _tidings.Profile.Posts.DeleteAsync(posts[4], _people[4], null, None);
        Assert.Equal([posts[6]], await ReadAsync(viewer));
        // A friend may see it, but not here: what is for friends is not for everybody.
        await _tidings.ChangeTie.ExecuteAsync(viewer, TieAction.RequestFriend, _people[6], None);
        await _tidings.ChangeTie.ExecuteAsync(_people[6], TieAction.AcceptFriend, viewer, None);
        await _tidings.Edit.ExecuteAsync(posts[6], _people[6], new PostEdit(null, Audience.Friends, default), null, None);
        Assert.Empty(await ReadAsync(viewer));
    }

    [Fact]
    public async Task No_author_has_more_places_than_on_a_page()
    {
        for (var i = 0; i < 5; i++)
            await PostAsync(0, likes: 2);
        var other = await PostAsync(1);
        await _popular.StepAsync(None);
        Assert.Equal(5 + 1, _popular.Kept.Count);
        var shown = await ReadAsync(_people[7]);
        Assert.Equal(3, shown.Length);
        Assert.Equal(other, shown[2]);
    }

    [Fact]
    public async Task Of_many_the_best_are_kept_and_others_come_back_with_an_act()
    {
        var forgotten = await PostAsync(1);
        var best = await PostAsync(2, likes: 2);
        _tidings.Clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < PopularPosts.KeptMax; i++)
            await PostAsync(0);
        await _popular.StepAsync(None);
        Assert.Equal(PopularPosts.KeptMax, _popular.Kept.Count);
        Assert.Equal(best, _popular.Kept[0]);
        Assert.DoesNotContain(forgotten, _popular.Kept);
        await _tidings.Mark.ExecuteAsync(_people[3], forgotten, Mark.Like, true, None);
        await _popular.StepAsync(None);
        Assert.Equal([best, forgotten], _popular.Kept.Take(2));
    }

    [Fact]
    public async Task It_is_there_again_after_a_restart()
    {
        var post = await PostAsync(0, likes: 1);
        await _tidings.RestartAsync();
        _popular = New();
        await _popular.StepAsync(None);
        Assert.Equal([post], await ReadAsync(_people[7]));
    }
}
