using CsCheck;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class RankCandidatesTests
{
    private const long Minute = 60_000;
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Likes what is old, so that its order is no one else's.</summary>
    private sealed class LikesOld : IRankingModel
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

    /// <summary>Looks at what a candidate is among the others as well: what was asked can't be asked again of other candidates.</summary>
    private sealed class LooksAround : IRankingModel
    {
        public string Name => "looks-around";

        public string Version => "1";

        public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
        {
            for (var row = 0; row < candidates; row++)
            {
                heads.Slice(row * Heads.Count, Heads.Count).Clear();
                foreach (var value in features.Slice(row * Features.Count, Features.Count)[20..])
                    heads[row * Heads.Count] += value / 10;
            }
        }
    }

    private sealed class Failing(bool throws) : IRankingModel
    {
        public string Name => "failing";

        public string Version => "1";

        public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
        {
            if (throws)
                throw new RankingModelException("It is away.");
            heads.Fill(float.NaN);
        }
    }

    /// <summary>A post a minute, the newest first, of authors in turn; some invisible, some seen.</summary>
    private static FeedWorkspace Laid(int count, int authors, ulong invisible = 0, ulong seen = 0, int likesEvery = 0)
    {
        var work = FeedWorkspace.Rent(new UserId(999));
        work.Count = count;
        for (var i = 0; i < count; i++)
        {
            var id = work.Ids[i] = new PostId(TimeOrderedId.Next(0, Now - i * Minute, 0));
            var likes = likesEvery > 0 && i % likesEvery == 0 ? 50 : 0;
            work.Headers[i] = new PostHeader(
                id, new UserId(1 + i % authors), PostType.Text, Audience.Public, default, false, 1, 0, new Counts(likes, 0, 0));
            work.Sights[i] = (invisible >> (i & 63) & 1) != 0 ? Sight.Hidden : Sight.Visible;
            work.Seen[i] = (seen >> (i & 63) & 1) != 0;
        }
        work.IndexAuthors(0, count);
        work.Affinity.AsSpan().Clear();
        work.Ties.AsSpan().Clear();
        work.AuthorFollowers.AsSpan().Clear();
        return work;
    }

    private static int[] Ordered(FeedWorkspace work, RankingPlan plan)
    {
        var visible = RankCandidates.Order(work, plan, Now, 0);
        return work.Order.AsSpan(0, visible).ToArray();
    }

    [Fact]
    public void Ranking_keeps_exactly_what_is_visible_whatever_the_profile_and_the_model() =>
        Gen.Select(Gen.Int[0, 1_000], Gen.Int[1, 50], Gen.ULong, Gen.ULong, Gen.Int[0, RankingPresets.All.Count - 1], Gen.Bool).Sample(
            (count, authors, invisible, seen, preset, model) =>
            {
                using var work = Laid(count, authors, invisible, seen, likesEvery: 7);
                var visible = Enumerable.Range(0, count).Where(i => work.Sights[i] == Sight.Visible);
                var plan = new RankingPlan(RankingPresets.All.Values.ElementAt(preset), model ? new LikesOld() : null);
                Assert.Equal(visible, Ordered(work, plan).Order());
            }, iter: 200);

    [Fact]
    public void Without_a_model_scores_fall_and_of_equals_the_newer_is_first() =>
        Gen.Select(Gen.Int[2, 1_000], Gen.Int[1, 50]).Sample((count, authors) =>
        {
            using var work = Laid(count, authors, likesEvery: 5);
            var order = Ordered(work, new RankingPlan(RankingProfile.Default, null));
            Assert.All(order.Zip(order.Skip(1)), pair => Assert.True(
                work.Scores[pair.First] > work.Scores[pair.Second]
                || (work.Scores[pair.First] == work.Scores[pair.Second] && pair.First < pair.Second)));
        }, iter: 100);

    [Fact]
    public void The_model_orders_the_best_two_hundred_and_leaves_the_others_below_in_the_first_passs_order()
    {
        using var work = Laid(500, authors: 500);
        var plain = Ordered(work, new RankingPlan(RankingProfile.Default, null));
        var order = Ordered(work, new RankingPlan(RankingProfile.Default, new LikesOld()));
        Assert.Equal(plain[..200].OrderDescending(), order[..200]);
        Assert.Equal(plain[200..], order[200..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_the_model_fails_the_first_pass_ranks(bool throws)
    {
        using var work = Laid(300, authors: 300, likesEvery: 3);
        var plain = Ordered(work, new RankingPlan(RankingProfile.Default with { FairnessMax = 0 }, null));
        Assert.Equal(plain, Ordered(work, new RankingPlan(RankingProfile.Default with { FairnessMax = 0 }, new Failing(throws))));
        Assert.True(work.ModelFailed);
    }

    [Fact]
    public void Equal_predictions_keep_the_first_passs_order()
    {
        using var work = Laid(150, authors: 10, likesEvery: 4);
        var flat = RankingProfile.Default with { FairnessMax = 0 };
        var plain = Ordered(work, new RankingPlan(flat, null));
        Assert.Equal(plain, Ordered(work, new RankingPlan(flat with { HeadWeights = new HeadWeights(0, 0, 0, 0) }, new LikesOld())));
    }

    [Fact]
    public void What_was_seen_goes_below_what_was_not_each_in_its_order() => Gen.Select(Gen.Int[1, 300], Gen.ULong).Sample((count, seen) =>
    {
        using var work = Laid(count, authors: 20, seen: seen, likesEvery: 6);
        var plain = Ordered(work, new RankingPlan(RankingProfile.Default with { SeenLast = false }, null));
        var order = Ordered(work, new RankingPlan(RankingProfile.Default, null));
        Assert.Equal(plain.Where(i => !work.Seen[i]).Concat(plain.Where(i => work.Seen[i])), order);
    }, iter: 100);

    [Fact]
    public void A_rare_poster_goes_before_a_busy_one_where_little_else_is_between_them()
    {
        using var work = Laid(100, authors: 1);
        work.Headers[1] = work.Headers[1] with { Author = new UserId(2) };
        work.IndexAuthors(0, 100);
        Assert.Equal(1, Ordered(work, new RankingPlan(RankingProfile.Default, null))[0]);
        Assert.Equal(0, Ordered(work, new RankingPlan(RankingProfile.Default with { FairnessMax = 0 }, null))[0]);
    }

    [Fact]
    public void Scores_below_zero_fall_like_all_others() => Gen.Float[-1e6f, 1e6f].Array[2, 300].Sample(scores =>
    {
        var keys = scores.Select(RankSort.Falling).ToArray();
        RankSort.Sort(keys, new ulong[keys.Length]);
        Assert.Equal(
            Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Select(i => scores[i]), keys.Select(key => scores[(int)(uint)key]));
    });

    [Fact]
    public void A_slate_holds_what_was_shown_first_and_scores_again_bit_for_bit()
    {
        var plan = new RankingPlan(RankingProfile.Default, new LooksAround(), "test/b", 0.25f);
        using var work = Laid(400, authors: 40, seen: 0xF0F0, likesEvery: 9);
        using var page = FeedPage.Rent();
        var order = Ordered(work, plan);
        for (var i = 0; i < 20; i++)
        {
            work.Shown[i] = order[i];
            page.Add(work.Headers[order[i]], work.Scores[order[i]]);
        }
        work.ShownCount = 20;
        work.Explored = 0;
        var top = work.Top.AsSpan(0, work.TopCount).ToArray();
        var slate = new Slate();
        SlateCapture.Take(slate, work, page, plan, Now, 0, order.Length);

        Assert.Equal(("test/b", 0.25f, 200, new UserId(999)), (slate.Variant, slate.Share, slate.Count, slate.Reader));
        Assert.Equal(Enumerable.Range(0, 20), slate.Entries.Take(20).Select(entry => entry.Position));
        Assert.All(slate.Entries.Skip(20), entry => Assert.Equal(-1, entry.Position));
        var heads = new float[Heads.Count];
        // Some that were seen are among those that the model was asked about and not among the first two hundred.
        Assert.InRange(Enumerable.Range(0, slate.Count).Count(i => top.Contains(order[i])), 1, slate.Count - 1);
        for (var i = 0; i < slate.Count; i++)
        {
            if (!top.Contains(order[i]))
                continue;
            plan.Model!.Predict(slate.FeaturesOf(i), 1, heads);
            Assert.Equal(BitConverter.SingleToInt32Bits(slate.Entries[i].Score), BitConverter.SingleToInt32Bits(plan.FinalScore(slate.FeaturesOf(i), heads)));
        }
    }
}
