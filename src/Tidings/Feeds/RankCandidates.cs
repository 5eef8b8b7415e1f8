using System.Diagnostics.Metrics;
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
/// </summary>
internal static class RankCandidates
{
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
        var visible = 0;
        for (var i = 0; i < work.Count; i++)
        {
            if (work.Sights[i] == Sight.Visible)
                work.Order[visible++] = i;
        }
        RateAuthors(work, work.Order.AsSpan(0, visible));
        FirstPass(work, plan, nowUnixMs, work.Order.AsSpan(0, visible));
        Sort(work, visible);
        (work.TopCount, work.OrderFailed) = (0, false);
        return (visible, Math.Min(visible, RankingProfile.SecondPassMax));
    }

    private static int LastOrder(FeedWorkspace work, RankingPlan plan, int visible, int top, bool scored)
    {
        if (scored)
            Sort(work, top);
        if (plan.Profile.SeenLast)
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
    public static void RateAuthors(FeedWorkspace work, ReadOnlySpan<int> candidates)
    {
        var rates = work.AuthorRates.AsSpan(0, work.AuthorCount);
        rates.Clear();
        var (oldest, newest) = (long.MaxValue, 0L);
        foreach (var i in candidates)
        {
            rates[work.AuthorOf[i]]++;
            var id = work.Ids[i].Value;
            oldest = Math.Min(oldest, id);
            newest = Math.Max(newest, id);
        }
        if (candidates.Length == 0)
            return;
        var perDay = AuthorRates.PerDay(new PostId(oldest).UnixMs, new PostId(newest).UnixMs);
        foreach (ref var rate in rates)
            rate *= perDay;
    }

    /// <summary>Makes the facts and features of the candidates, a row for each.</summary>
    public static void FillFeatures(FeedWorkspace work, long nowUnixMs, int sessionDepth, ReadOnlySpan<int> candidates)
    {
        work.TopCount = candidates.Length;
        candidates.CopyTo(work.Top);
        for (var row = 0; row < work.TopCount; row++)
        {
            var i = work.Top[row];
            var a = work.AuthorOf[i];
            ref readonly var header = ref work.Headers[i];
            work.Facts[row] = new CandidateFacts(
                header.Id.UnixMs, header.Counts, header.Type, work.Affinity[a], work.Ties[a], header.Author == work.Reader,
                work.AuthorRates[a], work.AuthorFollowers[a], work.Seen[i]);
        }
        Features.Fill(work.Facts.AsSpan(0, work.TopCount), nowUnixMs, sessionDepth, work.FeatureRows);
    }

    private static void FirstPass(FeedWorkspace work, RankingPlan plan, long nowUnixMs, ReadOnlySpan<int> candidates)
    {
        var firstPass = plan.FirstPass;
        var fairness = plan.Model is null ? plan.Profile.FairnessMax : 0;
        foreach (var i in candidates)
        {
            var a = work.AuthorOf[i];
            var score = firstPass.Score(work.Headers[i], work.Affinity[a], nowUnixMs);
            work.Scores[i] = Fairness.Apply(score, Fairness.Lift(fairness, work.AuthorRates[a]));
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
    private static bool Scored(FeedWorkspace work, RankingPlan plan)
    {
        var sum = 0f;
        for (var row = 0; row < work.TopCount; row++)
        {
            sum += work.FinalScores[row] = plan.FinalScore(
                work.FeatureRows.AsSpan(row * Features.Count, Features.Count), work.HeadRows.AsSpan(row * Heads.Count, Heads.Count));
        }
        if (!float.IsFinite(sum))
            return ModelFailed(work);
        for (var row = 0; row < work.TopCount; row++)
            work.Scores[work.Top[row]] = work.FinalScores[row];
        return true;
    }

    private static bool ModelFailed(FeedWorkspace work)
    {
        ModelFailures.Add(1);
        work.TopCount = 0;
        work.ModelFailed = work.OrderFailed = true;
        return false;
    }

    /// <summary>Orders the first ones of <see cref="FeedWorkspace.Order"/> by score, falling.</summary>
    private static void Sort(FeedWorkspace work, int count)
    {
        var stretch = work.Order.AsSpan(0, count);
        for (var o = 0; o < count; o++)
            work.RankKeys[o] = RankSort.Falling(work.Scores[stretch[o]], o);
        RankSort.Sort(work.RankKeys.AsSpan(0, count), work.RankSpare);
        stretch.CopyTo(work.PutOff);
        for (var o = 0; o < count; o++)
            stretch[o] = work.PutOff[(int)(uint)work.RankKeys[o]];
    }

    private static void SeenLast(FeedWorkspace work, int count)
    {
        var (unseen, seen) = (0, 0);
        for (var o = 0; o < count; o++)
        {
            var i = work.Order[o];
            if (work.Seen[i])
                work.PutOff[seen++] = i;
            else
                work.Order[unseen++] = i;
        }
        work.PutOff.AsSpan(0, seen).CopyTo(work.Order.AsSpan(unseen));
    }
}
