using System.Diagnostics.Metrics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// The order of candidates, over the tables of a read:
/// 1. the first pass scores all that is visible;
/// 2. the best <see cref="RankingProfile.SecondPassMax"/> go to the model as one batch, and are ordered by what its predictions are worth;
///    the others keep their order below them. Without a model, or where it can't answer, the first pass's order stands;
/// 3. rare posters are lifted a little, in the last pass that scores (<see cref="Fairness"/>);
/// 4. what the reader has seen goes below what they haven't.
/// Equal scores keep the order from before, at last the newer first. Nothing gets lost: every step only rearranges.
/// The loops over all candidates stand in methods of their own that are not inlined: in the one large method that a read becomes there would be no
/// registers left for them.
/// </summary>
internal static class RankCandidates
{
    /// <summary>Room for a candidate in a rank key: a power of two above <see cref="FeedWorkspace.CandidatesMax"/>.</summary>
    private const int KeyCandidates = 1_024;

    private static readonly Counter<long> ModelFailures =
        new Meter("Tidings.Ranking").CreateCounter<long>("tidings.ranking.model_failures", "{page}", "Pages that the model could not score.");

    /// <summary>Fills <see cref="FeedWorkspace.Order"/> and <see cref="FeedWorkspace.Scores"/>.</summary>
    /// <returns>How many are visible.</returns>
    public static int Order(FeedWorkspace work, RankingPlan plan, long nowUnixMs, int sessionDepth)
    {
        var (visible, top) = FirstOrder(work, plan, nowUnixMs);
        return LastOrder(work, plan, visible, top, SecondPass(work, plan, nowUnixMs, sessionDepth, work.Order.AsSpan(0, top)));
    }

    /// <summary>The same where the model may be on a server: only that is waited for.</summary>
    /// <inheritdoc cref="Order"/>
    public static ValueTask<int> OrderAsync(FeedWorkspace work, RankingPlan plan, long nowUnixMs, int sessionDepth, CancellationToken ct) =>
        plan.Model is IRemoteRankingModel remote
            ? RemoteOrderAsync(work, plan, remote, nowUnixMs, sessionDepth, ct)
            : ValueTask.FromResult(Order(work, plan, nowUnixMs, sessionDepth));

    private static async ValueTask<int> RemoteOrderAsync(
        FeedWorkspace work, RankingPlan plan, IRemoteRankingModel remote, long nowUnixMs, int sessionDepth, CancellationToken ct)
    {
        var (visible, top) = FirstOrder(work, plan, nowUnixMs);
        if (top == 0)
            return visible;
        FillFeatures(work, nowUnixMs, sessionDepth, work.Order.AsSpan(0, top));
        bool scored;
        try
        {
            await remote.PredictAsync(work.FeatureRows.AsMemory(0, top * Features.Count), top, work.HeadRows, ct);
            scored = Scored(work, plan);
        }
        catch (RankingModelException)
        {
            scored = ModelFailed(work);
        }
        return LastOrder(work, plan, visible, top, scored);
    }

    /// <summary>By the first pass.</summary>
    /// <returns>How many are visible, and how many of them go to the model.</returns>
    private static (int Visible, int Top) FirstOrder(FeedWorkspace work, RankingPlan plan, long nowUnixMs)
    {
        var visible = Visible(work);
        var order = work.Order.AsSpan(0, visible);
        FirstPass(work, plan, nowUnixMs, order);
        Sort(work, order);
        (work.TopCount, work.OrderFailed) = (0, false);
        return (visible, Math.Min(visible, RankingProfile.SecondPassMax));
    }

    /// <summary>Lists the visible, newest first as they stand, and rates their authors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Visible(FeedWorkspace work)
    {
        var (sights, order, authorOf, rates) = (work.Sights, work.Order, work.AuthorOf, work.AuthorRates);
        rates.AsSpan(0, work.AuthorCount).Clear();
        var visible = 0;
        for (var i = 0; i < work.Count; i++)
        {
            order[visible] = i;
            var one = sights[i] == Sight.Visible ? 1 : 0;
            rates[authorOf[i]] += one;
            visible += one;
        }
        if (visible > 0)
            PerDay(work, oldest: work.Ids[order[visible - 1]], newest: work.Ids[order[0]]);
        return visible;
    }

    private static int LastOrder(FeedWorkspace work, RankingPlan plan, int visible, int top, bool scored)
    {
        if (scored)
            SortAnew(work, work.Order.AsSpan(0, top));
        if (plan.Profile.SeenLast && work.Seen.AsSpan(0, work.Count).Contains(true))
            SeenLast(work, visible);
        return visible;
    }

    /// <summary>Scores candidates whose order stands, at most as many as the model takes.</summary>
    public static void Score(FeedWorkspace work, RankingPlan plan, long nowUnixMs, int sessionDepth, ReadOnlySpan<int> candidates)
    {
        FirstPass(work, plan, nowUnixMs, candidates);
        SecondPass(work, plan, nowUnixMs, sessionDepth, candidates);
    }

    /// <summary>How often each author posts, as far as these candidates show it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RateAuthors(FeedWorkspace work, ReadOnlySpan<int> candidates)
    {
        var rates = work.AuthorRates.AsSpan(0, work.AuthorCount);
        rates.Clear();
        var (oldest, newest) = (long.MaxValue, 0L);
        var (ids, authorOf) = (work.Ids, work.AuthorOf);
        foreach (var i in candidates)
        {
            rates[authorOf[i]]++;
            var id = ids[i].Value;
            oldest = Math.Min(oldest, id);
            newest = Math.Max(newest, id);
        }
        if (candidates.Length > 0)
            PerDay(work, new PostId(oldest), new PostId(newest));
    }

    private static void PerDay(FeedWorkspace work, PostId oldest, PostId newest)
    {
        var perDay = AuthorRates.PerDay(oldest.UnixMs, newest.UnixMs);
        foreach (ref var rate in work.AuthorRates.AsSpan(0, work.AuthorCount))
            rate *= perDay;
    }

    /// <summary>Makes the facts and features of the candidates, a row for each; the newest first, as features are made.</summary>
    public static void FillFeatures(FeedWorkspace work, long nowUnixMs, int sessionDepth, ReadOnlySpan<int> candidates)
    {
        NewestFirst(work, candidates);
        for (var row = 0; row < work.TopCount; row++)
        {
            var i = work.Top[row];
            var a = work.AuthorOf[i];
            ref readonly var header = ref work.Headers[i];
            work.Facts[row] = new CandidateFacts(
                header.Id.UnixMs, header.Counts, header.Type, work.Affinity[a], work.Ties[a], header.Author == work.Reader,
                work.AuthorRates[a], work.AuthorFollowers[a], work.Seen[i], a);
        }
        Features.Fill(work.Facts.AsSpan(0, work.TopCount), nowUnixMs, sessionDepth, work.FeatureRows);
    }

    /// <summary>Lists candidates in <see cref="FeedWorkspace.Top"/>. After the skeleton they are numbered by time, and a set of bits sorts them; on a later
    /// page of a walk they stand as they were ranked.</summary>
    private static void NewestFirst(FeedWorkspace work, ReadOnlySpan<int> candidates)
    {
        Span<ulong> set = stackalloc ulong[KeyCandidates / 64];
        set.Clear();
        foreach (var i in candidates)
            set[i / 64] |= 1UL << i % 64;
        var (top, ids, row, last, sorted) = (work.Top, work.Ids, 0, long.MaxValue, true);
        for (var word = 0; word < set.Length; word++)
        {
            for (var bits = set[word]; bits != 0; bits &= bits - 1)
            {
                var i = word * 64 + BitOperations.TrailingZeroCount(bits);
                sorted &= ids[i].Value < last;
                (top[row++], last) = (i, ids[i].Value);
            }
        }
        work.TopCount = row;
        if (!sorted)
            SortByTime(work);
    }

    private static void SortByTime(FeedWorkspace work)
    {
        var keys = work.RankKeys.AsSpan(0, work.TopCount);
        for (var row = 0; row < keys.Length; row++)
            keys[row] = ~(ulong)work.Ids[work.Top[row]].Value;
        keys.Sort(work.Top.AsSpan(0, keys.Length));
    }

    private static void FirstPass(FeedWorkspace work, RankingPlan plan, long nowUnixMs, ReadOnlySpan<int> candidates)
    {
        var (acts, ages, factors) = (work.Acts, work.AgesMs, work.Factors);
        Collect(work, plan.FirstPass, nowUnixMs, candidates);
        plan.FirstPass.Score(acts.AsSpan(0, candidates.Length), ages.AsSpan(0, candidates.Length), factors.AsSpan(0, candidates.Length), work.Rated);
        var fairness = plan.Model is null ? plan.Profile.FairnessMax : 0;
        for (var a = 0; a < work.AuthorCount; a++)
            work.AuthorLifts[a] = Fairness.Lift(fairness, work.AuthorRates[a]);
        Lift(work, candidates);
    }

    /// <summary>Lays out what the first pass looks at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Collect(FeedWorkspace work, FirstPass firstPass, long nowUnixMs, ReadOnlySpan<int> candidates)
    {
        var (headers, authorOf, affinity) = (work.Headers, work.AuthorOf, work.Affinity);
        var (acts, ages, factors) = (work.Acts, work.AgesMs, work.Factors);
        for (var o = 0; o < candidates.Length; o++)
        {
            var i = candidates[o];
            ref readonly var header = ref headers[i];
            acts[o] = firstPass.Acts(header.Counts);
            ages[o] = Ranking.FirstPass.AgeMs(header.Id.UnixMs, nowUnixMs);
            factors[o] = firstPass.Factor(affinity[authorOf[i]], header.Type);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lift(FeedWorkspace work, ReadOnlySpan<int> candidates)
    {
        var (rated, authorOf, lifts) = (work.Rated, work.AuthorOf, work.AuthorLifts);
        var (scores, keys) = (work.Scores, work.RankKeys);
        for (var o = 0; o < candidates.Length; o++)
        {
            var i = candidates[o];
            var score = scores[i] = Fairness.Apply(rated[o], lifts[authorOf[i]]);
            keys[o] = Key(score, o, i);
        }
    }

    /// <returns>Whether the model has scored them.</returns>
    private static bool SecondPass(FeedWorkspace work, RankingPlan plan, long nowUnixMs, int sessionDepth, ReadOnlySpan<int> candidates)
    {
        work.TopCount = 0;
        if (plan.Model is not { } model || candidates.Length == 0)
            return false;
        FillFeatures(work, nowUnixMs, sessionDepth, candidates);
        try
        {
            model.Predict(work.FeatureRows.AsSpan(0, candidates.Length * Features.Count), candidates.Length, work.HeadRows);
        }
        catch (RankingModelException)
        {
            return ModelFailed(work);
        }
        return Scored(work, plan);
    }

    /// <summary>Turns the predictions for the candidates of <see cref="FillFeatures"/> into scores.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Scored(FeedWorkspace work, RankingPlan plan)
    {
        var (top, authorOf, lifts, final) = (work.Top, work.AuthorOf, work.AuthorLifts, work.FinalScores);
        lifts.AsSpan(0, work.AuthorCount).Fill(float.NaN);
        var sum = 0f;
        for (var row = 0; row < work.TopCount; row++)
        {
            // The lift is the same for all posts of an author, and costs an exponential.
            ref var lift = ref lifts[authorOf[top[row]]];
            if (float.IsNaN(lift))
                lift = plan.Lift(work.FeatureRows.AsSpan(row * Features.Count, Features.Count));
            sum += final[row] = plan.FinalScore(work.HeadRows.AsSpan(row * Heads.Count, Heads.Count), lift);
        }
        if (!float.IsFinite(sum))
            return ModelFailed(work);
        for (var row = 0; row < work.TopCount; row++)
            work.Scores[top[row]] = final[row];
        return true;
    }

    private static bool ModelFailed(FeedWorkspace work)
    {
        ModelFailures.Add(1);
        work.TopCount = 0;
        work.ModelFailed = work.OrderFailed = true;
        return false;
    }

    /// <summary>Orders a stretch of <see cref="FeedWorkspace.Order"/> by the keys that were made with its scores: falling; of equals, as they stand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sort(FeedWorkspace work, Span<int> stretch)
    {
        var keys = work.RankKeys.AsSpan(0, stretch.Length);
        RankSort.Sort(keys, work.RankSpare);
        for (var o = 0; o < stretch.Length; o++)
            stretch[o] = (int)(keys[o] % KeyCandidates);
    }

    /// <summary>The same where the scores have changed since.</summary>
    private static void SortAnew(FeedWorkspace work, Span<int> stretch)
    {
        var (keys, scores) = (work.RankKeys, work.Scores);
        for (var o = 0; o < stretch.Length; o++)
            keys[o] = Key(scores[stretch[o]], o, stretch[o]);
        Sort(work, stretch);
    }

    /// <summary>A key's lower half is the place, and then the candidate itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(float score, int place, int candidate) => RankSort.Falling(score, place * KeyCandidates + candidate);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SeenLast(FeedWorkspace work, int count)
    {
        var order = work.Order.AsSpan(0, count);
        var (seen, putOff) = (work.Seen, work.PutOff);
        var (first, last) = (0, 0);
        foreach (var i in order)
        {
            if (seen[i])
                putOff[last++] = i;
            else
                order[first++] = i;
        }
        putOff.AsSpan(0, last).CopyTo(order[first..]);
    }
}
