using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Feeds;

/// <summary>The road to a model on a server: the same order as that of the same model in the process, and the first pass where it is away.</summary>
public sealed class RemoteRankingTests
{
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private class LikesOld : IRankingModel
    {
        public string Name => "likes-old";

        public string Version => "1";

        public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
        {
            for (var row = 0; row < candidates; row++)
            {
                heads.Slice(row * Heads.Count, Heads.Count).Clear();
                heads[row * Heads.Count] = features[row * Features.Count + 1] / 1_000;
            }
        }
    }

    private sealed class FarAway(TaskCompletionSource? answers, bool fails) : LikesOld, IRemoteRankingModel
    {
        public async ValueTask PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
        {
            if (answers is not null)
                await answers.Task;
            if (fails)
                throw new RankingModelException("It is away.");
            Predict(features.Span, candidates, heads.Span);
        }
    }

    private static FeedWorkspace Laid(int count)
    {
        var work = FeedWorkspace.Rent(new UserId(999));
        work.Count = count;
        for (var i = 0; i < count; i++)
        {
            work.Ids[i] = new PostId(TimeOrderedId.Next(0, Now - i * 60_000L, 0));
            work.Headers[i] = new PostHeader(
                work.Ids[i], new UserId(1 + i), PostType.Text, Audience.Public, default, false, 1, 0, new Counts(i % 3 == 0 ? 50 : 0, 0, 0));
            work.Sights[i] = i % 11 == 0 ? Sight.Hidden : Sight.Visible;
            work.Seen[i] = i % 7 == 0;
        }
        work.IndexAuthors(0, count);
        work.Affinity.AsSpan().Clear();
        work.Ties.AsSpan().Clear();
        work.AuthorFollowers.AsSpan().Clear();
        return work;
    }

    private static async Task<int[]> OrderedAsync(FeedWorkspace work, IRankingModel? model)
    {
        var visible = await RankCandidates.OrderAsync(work, new RankingPlan(RankingProfile.Default, model), Now, 0, CancellationToken.None);
        return work.Order.AsSpan(0, visible).ToArray();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(1_000)]
    public async Task A_remote_model_orders_as_the_same_model_here_and_is_waited_for(int count)
    {
        using var work = Laid(count);
        var here = await OrderedAsync(work, new LikesOld());
        var answers = new TaskCompletionSource();
        var asking = OrderedAsync(work, new FarAway(answers, fails: false));
        Assert.Equal(count <= 1, asking.IsCompleted);
        answers.SetResult();
        Assert.Equal(here, await asking);
    }

    [Fact]
    public async Task Where_it_is_away_the_first_pass_ranks()
    {
        using var work = Laid(300);
        var plain = RankCandidates.Order(work, new RankingPlan(RankingProfile.Default with { UseModel = false }, null), Now, 0);
        var first = work.Order.AsSpan(0, plain).ToArray();
        Assert.Equal(first, await OrderedAsync(work, new FarAway(null, fails: true)));
        Assert.True(work.ModelFailed);
    }

    [Fact]
    public void A_model_here_is_never_waited_for()
    {
        using var work = Laid(300);
        Assert.True(RankCandidates.OrderAsync(work, new RankingPlan(RankingProfile.Default, new LikesOld()), Now, 0, CancellationToken.None).IsCompletedSuccessfully);
    }
}
