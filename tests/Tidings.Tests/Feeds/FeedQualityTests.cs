using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Feeds;

/// <summary>A page says how its order was made: whatever becomes of the model later, the rest of what it ordered stays so.</summary>
public sealed class FeedQualityTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private SimulatedTidings _tidings = null!;
    private UserId _reader;

    /// <summary>Predicts while it is well.</summary>
    private class Moody : IRankingModel
    {
        public bool IsWell { get; set; } = true;

        public string Name => "moody";

        public string Version => "1";

        public virtual void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads) => Answer(candidates, heads);

        protected void Answer(int candidates, Span<float> heads)
        {
            if (!IsWell)
                throw new RankingModelException("It is unwell.");
            heads[..(candidates * Heads.Count)].Fill(0.5f);
        }
    }

    /// <summary>On a server, and nothing here stands in for it.</summary>
    private sealed class Remote : Moody, IRemoteRankingModel
    {
        public override void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads) =>
            throw new RankingModelException("The model is on a server.");

        public ValueTask PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
        {
            Answer(candidates, heads.Span);
            return ValueTask.CompletedTask;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        _reader = await _tidings.JoinAsync("reader");
        var author = await _tidings.JoinAsync("author");
        await _tidings.ChangeTie.ExecuteAsync(_reader, TieAction.Follow, author, None);
        for (var i = 0; i < 30; i++)
            await _tidings.Publish.ExecuteAsync(new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, None);
    }

    public ValueTask DisposeAsync() => _tidings.DisposeAsync();

    private async Task<(FeedQuality Quality, string? Cursor)> ReadAsync(string? cursor = null, FeedOrder order = FeedOrder.Ranked, int limit = 5)
    {
        using var page = (await _tidings.ReadFeed.ExecuteAsync(_reader, new FeedQuery(order, limit, cursor), None)).Value;
        Assert.Equal(limit, page.Items.Length);
        return (page.Quality, page.NextCursor);
    }

    [Fact]
    public async Task Without_a_model_and_with_one_that_answers_a_page_is_full()
    {
        Assert.Equal(FeedQuality.Full, (await ReadAsync()).Quality);
        _tidings.Plans.Use(new Moody());
        Assert.Equal(FeedQuality.Full, (await ReadAsync()).Quality);
    }

    [Theory]
    [InlineData(false, FeedQuality.ModelFailed)]
    [InlineData(true, FeedQuality.ModelServerAway)]
    public async Task Where_the_model_cannot_answer_the_page_and_all_that_was_ordered_with_it_are_unranked(bool remote, FeedQuality quality)
    {
        var model = remote ? new Remote() : new Moody();
        _tidings.Plans.Use(model);
        model.IsWell = false;
        var first = await ReadAsync();
        Assert.Equal(quality, first.Quality);
        using (var looked = await _tidings.ReadFeed.PeekAsync(_reader, 5, None))
            Assert.Equal(quality, looked.Quality);
        Assert.Equal(FeedQuality.Full, (await ReadAsync(order: FeedOrder.Latest)).Quality);

        model.IsWell = true;
        var second = await ReadAsync(first.Cursor);
        Assert.Equal(quality, second.Quality);
        Assert.Equal(quality, (await ReadAsync(second.Cursor)).Quality);
        Assert.Equal(FeedQuality.Full, (await ReadAsync()).Quality);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_model_has_ordered_stays_full_though_the_model_is_gone(bool remote)
    {
        var model = remote ? new Remote() : new Moody();
        _tidings.Plans.Use(model);
        var first = await ReadAsync();
        model.IsWell = false;
        Assert.Equal((FeedQuality.Full, FeedQuality.Full), (first.Quality, (await ReadAsync(first.Cursor)).Quality));
    }

    [Fact]
    public async Task A_page_of_two_blocks_is_as_good_as_the_worse()
    {
        var author = (await _tidings.Profile.People.FindAsync("author", None))!.Value;
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => _tidings.Publish.ExecuteAsync(
            new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, None).AsTask()));
        var model = new Moody();
        _tidings.Plans.Use(model);
        string? cursor = null;
        for (var page = 0; page < 10; page++)
        {
            var read = await ReadAsync(cursor, limit: page == 9 ? 90 : 100);
            Assert.Equal(FeedQuality.Full, read.Quality);
            cursor = read.Cursor;
        }
        // Ten are left of what the model ordered; then the next thousand are ordered without it.
        model.IsWell = false;
        Assert.Equal(FeedQuality.ModelFailed, (await ReadAsync(cursor, limit: 20)).Quality);
    }
}
