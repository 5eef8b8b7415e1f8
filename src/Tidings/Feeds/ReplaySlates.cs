using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>Another way of ranking, that logged pages are to be replayed under.</summary>
/// <param name="Model">Null: the first pass, over facts that are read back from the features.</param>
public sealed record ReplayPolicy(string Name, RankingProfile Profile, IRankingModel? Model);

/// <summary>What pages would have been worth under a policy, by what came of those slots where chance had shown the same.</summary>
/// <param name="Value">Of the slots that were left to chance, for a page.</param>
/// <param name="Gain">Over the logged order, paired slate by slate.</param>
/// <param name="EffectiveSlots">Kish's effective sample size, (Σw)² / Σw²: so many equally weighted slots would tell as much.</param>
/// <param name="Coverage">Of the slots, how many could have shown what the policy wants there: the estimate is silent about the others.</param>
public sealed record ReplayReport(string Policy, int Slates, Estimate Value, Estimate Gain, double EffectiveSlots, double Coverage);

/// <summary>
/// Replays logged pages under another policy, by inverse propensity: where the page showed, by chance, what the policy would have shown in that slot, what
/// came of it counts with the weight 1/p, p being the probability with which the log's policy showed it there (<see cref="Exploration"/>). Weights are
/// normalised by their own sum, slot by slot (Swaminathan and Joachims, "The Self-Normalized Estimator for Counterfactual Learning", NIPS 2015), and
/// slots add up to the page: so what comes of a post may depend on the post and on the slot, and is taken not to depend on its neighbours (the item-position
/// model of Li et al., "Offline Evaluation of Ranking Policies with Click Models", KDD 2018).
/// Intervals of 95 % come from the estimator's linearisation, summed by reader, since what one reader does is no independent news.
/// Only slots with propensities below 1 are in play. Where nothing was left to chance there are none; then all slots are, and only those in
/// which both orders agree tell anything.
/// </summary>
public static class ReplaySlates
{
    private const double Z95 = 1.959964;

    /// <summary>What an outcome is worth: the seed's weights.</summary>
    public static double Worth(Outcome outcome) =>
        (outcome.Like ? 1 : 0) + (outcome.Comment ? 2 : 0) + (outcome.Share ? 3 : 0) - (outcome.Hide ? 5 : 0);

    public static ReplayReport Run(ReplayPolicy policy, IReadOnlyList<JoinedSlate> slates)
    {
        var explored = slates.Any(joined => joined.Slate.Entries.AsSpan(0, joined.Slate.Count).ToArray().Any(entry => entry.Position >= 0 && entry.Propensity < 1));
        var sums = new Dictionary<int, SlotSums>();
        var seen = new List<Slot>();
        var (covered, slots) = (0, 0);
        for (var s = 0; s < slates.Count; s++)
        {
            var slate = slates[s].Slate;
            var wanted = Arrange(policy, slate);
            var logged = ByPosition(slate);
            foreach (var (position, candidate) in logged)
            {
                if (explored && slate.Entries[candidate].Propensity >= 1)
                    continue;
                slots++;
                var match = wanted[position] == candidate;
                covered += match || (explored && IsExplored(slate, wanted[position])) ? 1 : 0;
                var slot = new Slot(s, position, match ? 1 / slate.Entries[candidate].Propensity : 0, Worth(slates[s].Outcomes[candidate]));
                seen.Add(slot);
                if (!sums.TryGetValue(position, out var sum))
                    sums[position] = sum = new SlotSums();
                sum.Add(slot);
            }
        }
        return Report(policy.Name, slates, sums, seen, slots == 0 ? 0 : (double)covered / slots);
    }

    private static ReplayReport Report(
        string name, IReadOnlyList<JoinedSlate> slates, Dictionary<int, SlotSums> sums, List<Slot> seen, double coverage)
    {
        var (value, logged) = (sums.Values.Sum(sum => sum.Share(slates.Count) * sum.Wanted), sums.Values.Sum(sum => sum.Share(slates.Count) * sum.Logged));
        var (ofValue, ofGain) = (new Dictionary<long, double>(), new Dictionary<long, double>());
        foreach (var slot in seen)
        {
            var sum = sums[slot.Position];
            var reader = slates[slot.Slate].Slate.Reader.Value;
            var here = sum.Share(slates.Count) * slot.Weight * (slot.Worth - sum.Wanted) / Math.Max(sum.Weights, double.Epsilon);
            var there = (slot.Worth - sum.Logged) / slates.Count;
            ofValue[reader] = ofValue.GetValueOrDefault(reader) + here;
            ofGain[reader] = ofGain.GetValueOrDefault(reader) + here - there;
        }
        var (weights, squares) = (seen.Sum(slot => slot.Weight), seen.Sum(slot => slot.Weight * slot.Weight));
        return new ReplayReport(
            name, slates.Count, Interval(value, ofValue), Interval(value - logged, ofGain), squares == 0 ? 0 : weights * weights / squares, coverage);

        static Estimate Interval(double mean, Dictionary<long, double> influence)
        {
            var error = Math.Sqrt(influence.Values.Sum(one => one * one));
            return new Estimate(mean, mean - Z95 * error, mean + Z95 * error);
        }
    }

    /// <summary>The page that the policy would have made, as candidates.</summary>
    private static int[] Arrange(ReplayPolicy policy, Slate slate)
    {
        var scores = Scores(policy, slate);
        var ranked = Enumerable.Range(0, slate.Count).OrderByDescending(i => scores[i])
            .ToLookup(i => policy.Profile.SeenLast && slate.FeaturesOf(i)[Features.Seen] > 0);
        var (page, perAuthor) = (new List<int>(), new Dictionary<long, int>());
        foreach (var isSeen in (ReadOnlySpan<bool>)[false, true])
        {
            var putOff = new List<int>();
            foreach (var i in ranked[isSeen])
            {
                var author = slate.Entries[i].Author.Value;
                var before = perAuthor.GetValueOrDefault(author);
                (before < policy.Profile.PerAuthorMax ? page : putOff).Add(i);
                perAuthor[author] = before + 1;
            }
            page.AddRange(putOff);
        }
        return [.. page];
    }

    private static double[] Scores(ReplayPolicy policy, Slate slate)
    {
        var plan = new RankingPlan(policy.Profile, policy.Model);
        var heads = new float[slate.Count * Heads.Count];
        policy.Model?.Predict(slate.FeatureRows.AsSpan(0, slate.Count * Features.Count), slate.Count, heads);
        return [.. Enumerable.Range(0, slate.Count).Select(i => policy.Model is null
            ? FirstPass(plan, slate, i)
            : (double)plan.FinalScore(slate.FeaturesOf(i), heads.AsSpan(i * Heads.Count, Heads.Count)))];
    }

    /// <summary>The first pass over what the features say: counters come back whole, and the post's id tells its time.</summary>
    private static double FirstPass(RankingPlan plan, Slate slate, int i)
    {
        var row = slate.FeaturesOf(i);
        var counts = new Counts(Whole(row[Features.Likes]), Whole(row[Features.Likes + 1]), Whole(row[Features.Likes + 2]));
        var type = row[5] > 0 ? PostType.Image : row[6] > 0 ? PostType.Video : row[7] > 0 ? PostType.Link : PostType.Text;
        var publishedUnixMs = slate.Entries[i].Post.UnixMs;
        var score = plan.FirstPass.Score(counts, type, publishedUnixMs, row[Features.Affinity], slate.UnixMs);
        return Fairness.Apply(score, plan.Profile.FairnessMax * MathF.Exp(-row[Features.AuthorRate]));

        static int Whole(float ln1p) => (int)Math.Min(Math.Round(Math.Exp(ln1p) - 1), int.MaxValue);
    }

    private static List<(int Position, int Candidate)> ByPosition(Slate slate) =>
        [.. Enumerable.Range(0, slate.Count).Where(i => slate.Entries[i].Position >= 0).Select(i => (slate.Entries[i].Position, i))];

    private static bool IsExplored(Slate slate, int candidate) =>
        slate.Entries[candidate].Position >= 0 && slate.Entries[candidate].Propensity < 1;

    /// <param name="Weight">0 where the page showed something else than the policy wants.</param>
    private readonly record struct Slot(int Slate, int Position, double Weight, double Worth);

    private sealed class SlotSums
    {
        private double _weighted, _worth;
        private int _count;

        public double Weights { get; private set; }

        public double Wanted => Weights == 0 ? 0 : _weighted / Weights;

        public double Logged => _worth / _count;

        /// <summary>Of the pages, how many have the slot.</summary>
        public double Share(int slates) => (double)_count / slates;

        public void Add(Slot slot)
        {
            _count++;
            Weights += slot.Weight;
            _weighted += slot.Weight * slot.Worth;
            _worth += slot.Worth;
        }
    }
}
