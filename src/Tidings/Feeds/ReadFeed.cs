using System.Runtime.CompilerServices;
using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// A person reads their feed. The road has four steps, and every page takes them in this order:
/// <list type="number">
/// <item><b>Skeleton</b>: which posts may be on the page, as ids (<see cref="Skeleton"/>).</item>
/// <item><b>Hydrate</b>: what has to be known of them, one batch from each store.</item>
/// <item><b>Rules</b>: who may see what, decided now and here (<see cref="Visibility"/>).</item>
/// <item><b>Rank and present</b>: first pass, model, fairness, what was seen (<see cref="RankCandidates"/>); at most two posts of an author on
/// a page, the page, the place where the next one begins.</item>
/// </list>
/// The second and third touch memory only and are the same for every order. A walk reads its feed in blocks of up to 1,000 candidates, newest
/// block first. A ranked block is ordered once and what isn't shown is kept as a snapshot, so the walk shows nothing twice and skips
/// nothing whatever happens meanwhile; when the snapshot is used up the walk goes on in the next older block, down to the first post ever made.
/// </summary>
public sealed class ReadFeed(
    IInboxes inboxes, IPostStore posts, IGraphStore graph, IAudienceStore audiences, IEngagementStore engagement, IAffinityStore affinity,
    ISeenPosts seen, IFanOutModes modes, ISnapshots snapshots, FeedCursors cursors, RankingPlans plans, SlateSampler slates, Exposures exposures,
    TimeProvider clock)
{
    /// <summary>Blocks that one page looks through: all that is in between may be invisible. Then a short page leaves, with a cursor.</summary>
    private const int BlocksMax = 8;

    /// <summary>In latest order, candidates hydrated at a time beyond those that a page needs at least: few are invisible.</summary>
    private const int LatestSpare = 12;

    private readonly Skeleton _skeleton = new(inboxes, posts, graph, modes);

    /// <returns>The page; <c>invalid_cursor</c> or <c>cursor_expired</c>.</returns>
    public async ValueTask<Result<FeedPage>> ExecuteAsync(UserId reader, FeedQuery query, CancellationToken ct)
    {
        if (query.Limit is < 1 or > FeedQuery.LimitMax)
            return Rejection.Invalid("limit", $"A page has 1 to {FeedQuery.LimitMax} posts.");
        var start = query.Cursor is null ? FeedPlace.Top(query.Order) : cursors.Open(reader, query.Order, query.Cursor);
        if (!start.IsOk)
            return start.Rejection;

        var began = clock.GetTimestamp();
        using var work = FeedWorkspace.Rent(reader);
        var plan = plans.For(reader);
        var page = FeedPage.Rent();
        FeedPlace? place = start.Value;
        for (var block = 0; block < BlocksMax && place is { } here && page.Count < query.Limit; block++)
        {
            var shownBefore = page.Count;
            place = (here.Order, here.Snapshot.Value) switch
            {
                (FeedOrder.Latest, _) => await LatestAsync(work, page, reader, here, query.Limit, ct),
                (_, 0) => await RankedAsync(work, page, plan, here, query.Limit, ct),
                _ => await SnapshotAsync(work, page, plan, here, query.Limit, ct),
            };
            if (place == Vanished)
            {
                page.Dispose();
                return FeedCursors.Expired;
            }
            if (place is { } next)
                place = next with { Shown = here.Shown + page.Count - shownBefore };
        }
        if (plan.ExperimentId != 0 && query.Order == FeedOrder.Ranked)
            exposures.Note(new Exposure(plan.ExperimentId, reader, plan.VariantAt, work.ModelFailed));
        await OwnMarksAsync(work, page, reader, ct);
        page.NextCursor = place is { } end ? cursors.Seal(reader, end) : null;
        FeedTelemetry.CountRead(query.Order);
        FeedTelemetry.Duration.Record(clock.GetElapsedTime(began).TotalSeconds);
        if (page.Quality != FeedQuality.Full)
            FeedTelemetry.CountUnranked(page.Quality);
        return page;
    }

    /// <summary>A place that no walk can be at: the snapshot that a cursor names is gone.</summary>
    private static readonly FeedPlace Vanished = new(FeedOrder.Ranked, PostId.None, new SnapshotId(-1), -1, 0);

    /// <summary>The newest block below the place, ranked; what the page doesn't take becomes a snapshot.</summary>
    private async ValueTask<FeedPlace?> RankedAsync(
        FeedWorkspace work, FeedPage page, RankingPlan plan, FeedPlace here, int limit, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var log = slates.Wants(work.Reader, now);
        var ranked = await OrderAsync(work, plan, here, now, log || plan.Model is not null, ct);
        var quality = QualityOf(work, plan);
        page.Take(quality);
        var arranged = Present(work, page, plan, UnseenOf(work, ranked), ranked, limit);
        if (here.Before == PostId.Last)
            Explore(work, page, plan, now);
        if (log)
            Log(work, page, plan, now, here.Shown, ranked);

        if (work.Count == 0)
            return null;
        var floor = here with { Before = work.HasMore ? work.Ids[work.Count - 1] : PostId.None };
        if (arranged.Used == ranked)
            return work.HasMore ? floor : null;
        var rest = work.Arranged.AsMemory(arranged.Used, ranked - arranged.Used);
        return floor with { Snapshot = await snapshots.SaveAsync(work.Reader, rest, ct), Offset = 0, Quality = quality };
    }

    private static FeedQuality QualityOf(FeedWorkspace work, RankingPlan plan) =>
        !work.OrderFailed ? FeedQuality.Full : plan.Model is IRemoteRankingModel ? FeedQuality.ModelServerAway : FeedQuality.ModelFailed;

    /// <summary>The candidates below the place, ranked: the first three steps and the first half of the fourth.</summary>
    /// <returns>How many are visible.</returns>
    private async ValueTask<int> OrderAsync(
        FeedWorkspace work, RankingPlan plan, FeedPlace here, long nowUnixMs, bool features, CancellationToken ct)
    {
        await _skeleton.GatherAsync(work, work.Reader, here.Before, FeedWorkspace.CandidatesMax, ct);
        return await OrderGatheredAsync(work, plan, nowUnixMs, here.Shown, features, ct);
    }

    private async ValueTask<int> OrderGatheredAsync(
        FeedWorkspace work, RankingPlan plan, long nowUnixMs, int shown, bool features, CancellationToken ct)
    {
        await HydrateAsync(work, work.Reader, 0, work.Count, nowUnixMs, features, ct);
        Rules(work, work.Reader, 0, work.Count);
        return await RankCandidates.OrderAsync(work, plan, nowUnixMs, shown, ct);
    }

    /// <summary>
    /// The reader's first page just now, as <see cref="ExecuteAsync"/> would make it, for somebody else to look at: nothing is kept and nobody
    /// notices. The reader wasn't here, no snapshot, no log, no exposure, no figures; so there is no next page. On a page that is left to chance the
    /// answer is the order before the shuffling.
    /// </summary>
    /// <param name="limit">1 to <see cref="FeedQuery.LimitMax"/>.</param>
    public async ValueTask<FeedPage> PeekAsync(UserId reader, int limit, CancellationToken ct)
    {
        using var work = FeedWorkspace.Rent(reader);
        var page = FeedPage.Rent();
        await FirstPageAsync(work, page, plans.For(reader), clock.GetUtcNow().ToUnixTimeMilliseconds(), limit, ct);
        await OwnMarksAsync(work, page, reader, ct);
        return page;
    }

    /// <summary>Takes the same road as <see cref="PeekAsync"/>, and says how it went for one post.</summary>
    public async ValueTask<WhyInFeed> ExplainAsync(UserId reader, PostId post, CancellationToken ct)
    {
        using var work = FeedWorkspace.Rent(reader);
        using var page = FeedPage.Rent();
        var plan = plans.For(reader);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var ranked = await FirstPageAsync(work, page, plan, now, FeedQuery.LimitDefault, ct);
        var candidate = work.Ids.AsSpan(0, work.Count).IndexOf(post);
        if (candidate >= 0)
            return ExplainCandidate.Of(work, plan, candidate, ranked, now);
        work.Ids[0] = post;
        await HydrateAsync(work, reader, 0, 1, nowUnixMs: null, features: false, ct);
        Rules(work, reader, 0, 1);
        return new WhyInFeed(post, work.Sights[0], FeedStage.Candidates, Rule: work.Sights[0] == Sight.Visible ? FeedRules.NotACandidate : null);
    }

    /// <returns>How many are visible.</returns>
    private async ValueTask<int> FirstPageAsync(
        FeedWorkspace work, FeedPage page, RankingPlan plan, long nowUnixMs, int limit, CancellationToken ct)
    {
        await _skeleton.PeekAsync(work, work.Reader, ct);
        var ranked = await OrderGatheredAsync(work, plan, nowUnixMs, shown: 0, features: true, ct);
        page.Take(QualityOf(work, plan));
        Present(work, page, plan, UnseenOf(work, ranked), ranked, limit);
        return ranked;
    }

    /// <summary>The next stretch of a block ranked earlier. Its order stands; who may see what is asked anew.</summary>
    private async ValueTask<FeedPlace?> SnapshotAsync(
        FeedWorkspace work, FeedPage page, RankingPlan plan, FeedPlace here, int limit, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var log = slates.Wants(work.Reader, now);
        var count = await snapshots.ReadAsync(work.Reader, here.Snapshot, work.Inbox, ct);
        if (count < here.Offset)
            return Vanished;
        page.Take(here.Quality);
        work.Count = count - here.Offset;
        work.Inbox.AsSpan(here.Offset, work.Count).CopyTo(work.Ids);
        await HydrateAsync(work, work.Reader, 0, work.Count, now, log || plan.Model is not null, ct);
        Rules(work, work.Reader, 0, work.Count);
        for (var i = 0; i < work.Count; i++)
            work.Order[i] = i;
        RankCandidates.RateAuthors(work, work.Order.AsSpan(0, work.Count));
        var arranged = Present(work, page, plan, UnseenOf(work, work.Count), work.Count, limit);
        RankCandidates.Score(work, plan, now, here.Shown, work.Shown.AsSpan(0, work.ShownCount));
        TellScores(work, page);
        if (log)
            Log(work, page, plan, now, here.Shown, ranked: 0);

        await snapshots.SettleAsync(work.Reader, here.Snapshot, here.Offset, work.Arranged.AsMemory(0, arranged.Scanned), ct);
        if (arranged.Used < work.Count)
            return here with { Offset = here.Offset + arranged.Used };
        return here.Before == PostId.None ? null : here with { Snapshot = default, Offset = 0 };
    }

    /// <summary>Newest first: a place is just an id, so this walk needs no snapshot.</summary>
    private async ValueTask<FeedPlace?> LatestAsync(
        FeedWorkspace work, FeedPage page, UserId reader, FeedPlace here, int limit, CancellationToken ct)
    {
        var stretch = limit + LatestSpare;
        await _skeleton.GatherAsync(work, reader, here.Before, 2 * stretch, ct);
        for (var from = 0; from < work.Count; from += stretch)
        {
            var count = Math.Min(stretch, work.Count - from);
            await HydrateAsync(work, reader, from, count, nowUnixMs: null, features: false, ct);
            Rules(work, reader, from, count);
            for (var i = from; i < from + count; i++)
            {
                if (work.Sights[i] != Sight.Visible)
                    continue;
                page.Add(work.Headers[i], 0);
                if (page.Count == limit)
                    return i + 1 < work.Count || work.HasMore ? here with { Before = work.Ids[i] } : null;
            }
        }
        return work.HasMore && work.Count > 0 ? here with { Before = work.Ids[work.Count - 1] } : null;
    }

    /// <summary>Headers with counters; ties and affinity for each distinct author; audience and hidden marks for each post.</summary>
    private async ValueTask HydrateAsync(
        FeedWorkspace work, UserId reader, int from, int count, long? nowUnixMs, bool features, CancellationToken ct)
    {
        var ids = work.Ids.AsMemory(from, count);
        await posts.HeadersAsync(ids, work.Headers.AsMemory(from, count), ct);
        work.IndexAuthors(from, count);
        var authors = work.Authors.AsMemory(0, work.AuthorCount);
        await graph.TiesAsync(reader, authors, work.Ties.AsMemory(0, work.AuthorCount), ct);
        await engagement.MarkedAsync(reader, Mark.Hide, ids, work.Hidden.AsMemory(from, count), ct);
        if (nowUnixMs is not null)
            await seen.SeenAsync(reader, ids, work.Seen.AsMemory(from, count), ct);
        if (nowUnixMs is { } now)
            await affinity.ScoresAsync(reader, authors, now, work.Affinity.AsMemory(0, work.AuthorCount), ct);
        if (features)
            await graph.FollowersAsync(authors, work.AuthorFollowers.AsMemory(0, work.AuthorCount), ct);
        await AudiencesAsync(work, reader, from, count, ct);
    }

    /// <summary>Custom audiences are rare: only their posts are asked about.</summary>
    private async ValueTask AudiencesAsync(FeedWorkspace work, UserId reader, int from, int count, CancellationToken ct)
    {
        work.InAudience.AsSpan(from, count).Clear();
        for (var i = NextCustom(work, from, from + count); i >= 0; i = NextCustom(work, i + 1, from + count))
        {
            if (work.Headers[i].Author != reader)
                await audiences.ContainsAsync(reader, new[] { work.Headers[i].List }, work.InAudience.AsMemory(i, 1), ct);
        }
    }

    private static int NextCustom(FeedWorkspace work, int from, int end)
    {
        var headers = work.Headers;
        while (from < end && headers[from].Audience != Audience.Custom)
            from++;
        return from < end ? from : -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rules(FeedWorkspace work, UserId reader, int from, int count)
    {
        var (headers, ties, authorOf) = (work.Headers, work.Ties, work.AuthorOf);
        var (inAudience, hidden, sights) = (work.InAudience, work.Hidden, work.Sights);
        for (var i = from; i < from + count; i++)
            sights[i] = Visibility.CanSeeInFeed(reader, headers[i], ties[authorOf[i]], inAudience[i], hidden[i]);
    }

    /// <summary>Where the unseen part of the order ends: before all those at the end that were seen. One that was seen since the block was ranked,
    /// above others that weren't, stays where it is.</summary>
    private static int UnseenOf(FeedWorkspace work, int count)
    {
        while (count > 0 && work.Seen[work.Order[count - 1]])
            count--;
        return count;
    }

    /// <summary>
    /// Fills the page from the candidates in order. An author who has enough posts on the page is put off, for this page only, while
    /// others are waiting: none is lost, and none that is unseen comes below what was seen before. The scanned
    /// ones are arranged anew as: invisible, shown, put off; so reading the same stretch again shows the same.
    /// </summary>
    /// <param name="unseen">How many of the <paramref name="count"/> come before what was seen.</param>
    private static Arrangement Present(FeedWorkspace work, FeedPage page, RankingPlan plan, int unseen, int count, int limit)
    {
        var perAuthorMax = plan.Profile.PerAuthorMax;
        (work.ShownCount, work.Explored) = (0, 0);
        var (used, putOff, shownOfPutOff, i) = (0, 0, 0, 0);
        foreach (var end in (ReadOnlySpan<int>)[unseen, count])
        {
            for (; i < end && page.Count < limit; i++)
            {
                var candidate = work.Order[i];
                if (work.Sights[candidate] != Sight.Visible)
                    work.Arranged[used++] = work.Ids[candidate];
                else if (CountOf(page, work.Headers[candidate].Author) >= perAuthorMax)
                    work.PutOff[putOff++] = candidate;
                else
                    Show(candidate, end > unseen);
            }
            while (page.Count < limit && shownOfPutOff < putOff)
                Show(work.PutOff[shownOfPutOff++], end > unseen);
        }
        var scanned = work.Scanned = i;

        var arranged = used;
        for (var p = shownOfPutOff; p < putOff; p++)
            work.Arranged[arranged++] = work.Ids[work.PutOff[p]];
        for (; i < count; i++)
            work.Arranged[arranged++] = work.Ids[work.Order[i]];
        return new Arrangement(used, scanned);

        void Show(int candidate, bool seen)
        {
            work.Arranged[used++] = work.Ids[candidate];
            work.Shown[work.ShownCount++] = candidate;
            page.Add(work.Headers[candidate], work.Scores[candidate], seen);
        }
    }

    /// <summary>Leaves the top of the first page to chance, where the profile wants that of this page.</summary>
    private static void Explore(FeedWorkspace work, FeedPage page, RankingPlan plan, long nowUnixMs)
    {
        if (plan.Profile.ExploreShare == 0)
            return;
        // What was seen before stays below what wasn't.
        work.Explored = Math.Min(plan.Profile.ExploreTop, page.CaughtUpAt is > 0 and var unseen ? unseen : page.Count);
        var places = work.Places.AsSpan(0, work.Explored);
        if (!Exploration.Shuffle(plan.Profile.ExploreShare, Mixing.Mix((ulong)work.Reader.Value) ^ (ulong)nowUnixMs, places))
            return;
        work.Shown.AsSpan(0, work.Explored).CopyTo(work.PutOff);
        for (var i = 0; i < work.Explored; i++)
        {
            var candidate = work.Shown[i] = work.PutOff[places[i]];
            page.Buffer[i] = new FeedItem(work.Headers[candidate], work.Scores[candidate], false, false);
        }
    }

    private void Log(FeedWorkspace work, FeedPage page, RankingPlan plan, long nowUnixMs, int sessionDepth, int ranked)
    {
        if (!slates.TryRent(out var slate))
            return;
        SlateCapture.Take(slate, work, page, plan, nowUnixMs, sessionDepth, ranked);
        slates.Offer(slate);
    }

    private static void TellScores(FeedWorkspace work, FeedPage page)
    {
        var first = page.Count - work.ShownCount;
        for (var i = 0; i < work.ShownCount; i++)
            page.Buffer[first + i] = page.Buffer[first + i] with { Score = work.Scores[work.Shown[i]] };
    }

    private static int CountOf(FeedPage page, UserId author)
    {
        var count = 0;
        foreach (ref readonly var item in page.Items)
        {
            if (item.Header.Author == author)
                count++;
        }
        return count;
    }

    private async ValueTask OwnMarksAsync(FeedWorkspace work, FeedPage page, UserId reader, CancellationToken ct)
    {
        for (var i = 0; i < page.Count; i++)
            work.PageIds[i] = page.Buffer[i].Header.Id;
        var ids = work.PageIds.AsMemory(0, page.Count);
        await engagement.MarkedAsync(reader, Mark.Like, ids, work.PageLiked.AsMemory(0, page.Count), ct);
        await engagement.MarkedAsync(reader, Mark.Share, ids, work.PageShared.AsMemory(0, page.Count), ct);
        for (var i = 0; i < page.Count; i++)
            page.Buffer[i] = page.Buffer[i] with { Liked = work.PageLiked[i], Shared = work.PageShared[i] };
    }

    /// <param name="Used">Entries at the front of the arrangement that are done with: shown or invisible.</param>
    /// <param name="Scanned">Entries at the front whose order may have changed.</param>
    private readonly record struct Arrangement(int Used, int Scanned);
}
