using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class ReplaySlatesTests
{
    private const int Top = 4, Candidates = 6, Readers = 1_500;
    private const float Share = 0.4f;
    private static readonly long Now = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>What a like's probability is: it depends on the post and on the slot.</summary>
    private static double Likes(int post, int slot) => (0.1 + 0.15 * post) / (1 + slot);

    /// <summary>
    /// Pages of six posts, the newest first, of which the first four are left to chance; the older a post, the better it is liked. Each has its own author,
    /// and as many likes as would have the formula turn the order round.
    /// </summary>
    private static List<JoinedSlate> Logged(int seed)
    {
        var random = new Random(seed);
        var slates = new List<JoinedSlate>();
        var places = new int[Top];
        for (var reader = 1; reader <= Readers; reader++)
        {
            Exploration.Shuffle(Share, (ulong)(seed * 1_000_003 + reader), places);
            var slate = new Slate { Reader = new UserId(reader), UnixMs = Now, Count = Candidates };
            var outcomes = new Outcome[Candidates];
            for (var slot = 0; slot < Candidates; slot++)
            {
                var post = slot < Top ? places[slot] : slot;
                var propensity = slot < Top ? Exploration.Propensity(Share, Top, post, slot) : 1;
                slate.Entries[slot] = new SlateEntry(
                    new PostId(TimeOrderedId.Next(0, Now - post * 60_000, 0)), new UserId(100 + post), slot, propensity, -post);
                slate.FeatureRows[slot * Features.Count + Features.Likes] = MathF.Log(1 + post * 10);
                outcomes[slot] = new Outcome(random.NextDouble() < Likes(post, slot), false, false, false);
            }
            slates.Add(new JoinedSlate(slate, outcomes));
        }
        return slates;
    }

    private static readonly ReplayPolicy Newest = new("newest", RankingPresets.All["chronological"], null);

    /// <summary>The same four posts on top, the other way round.</summary>
    private static readonly ReplayPolicy Reversed = new("reversed", RankingProfile.Default with { FairnessMax = 0 }, new Backwards());

    /// <summary>Wants the posts in the order 3, 2, 1, 0, 4, 5.</summary>
    private sealed class Backwards : IRankingModel
    {
        public string Name => "backwards";

        public string Version => "1";

        public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
        {
            heads.Clear();
            for (var i = 0; i < candidates; i++)
            {
                var post = (int)Math.Round((Math.Exp(features[i * Features.Count + Features.Likes]) - 1) / 10);
                heads[i * Heads.Count] = post < Top ? 1 + post : 1f / post;
            }
        }
    }

    [Fact]
    public void The_estimate_holds_what_the_other_order_is_truly_worth_19_times_of_20()
    {
        var truth = Enumerable.Range(0, Top).Sum(slot => Likes(Top - 1 - slot, slot));
        var held = Enumerable.Range(1, 40).Count(seed =>
        {
            var report = ReplaySlates.Run(Reversed, Logged(seed));
            Assert.Equal(1, report.Coverage);
            return report.Value.Low <= truth && truth <= report.Value.High;
        });
        Assert.InRange(held, 34, 40);
    }

    [Fact]
    public void A_better_order_shows_a_gain_and_the_logged_one_next_to_none()
    {
        var slates = Logged(1);
        var reversed = ReplaySlates.Run(Reversed, slates);
        var same = ReplaySlates.Run(Newest, slates);
        Assert.True(reversed.Gain.Low > 0);
        Assert.True(Math.Abs(same.Gain.Mean) < reversed.Gain.Mean);
        Assert.InRange(same.EffectiveSlots, reversed.EffectiveSlots, Readers * Top);
    }

    [Fact]
    public void Where_nothing_was_left_to_chance_only_agreement_tells_and_coverage_says_so()
    {
        var slates = Logged(1);
        foreach (var entries in slates.Select(joined => joined.Slate.Entries))
        {
            for (var i = 0; i < Candidates; i++)
                entries[i] = entries[i] with { Propensity = 1 };
        }
        Assert.InRange(ReplaySlates.Run(Reversed, slates).Coverage, 0.2, 0.6);
    }
}
