using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Embedded;
using Tidings.FanOut;
using Tidings.Live;
using Tidings.Server.Admin;
using Tidings.Server.Posts;
using Tidings.Server.Scoring;
using Tidings.Server.Security;

namespace Tidings.Server.Vitals;

/// <summary>Takes a sample of how the server is: what its instruments measured since the sample before, and how things stand. One caller at a time.</summary>
internal sealed class VitalsSampler(
    Instruments measured, EmbeddedProfile profile, FanOutWorker fanOut, ServerStatus status, LiveReaders live, ModelShelf models,
    PostFragments fragments, KnownCallers callers, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly int[] _buckets = new int[LatencyBuckets.Count];
    private readonly ProcessVitals _process = new(clock);
    private WaitingJobs _waiting = WaitingJobs.None;
    private long _before = clock.GetTimestamp();
    private CommittedFigures _committedBefore = profile.Figures.Committed;
    private CacheFigures _postsBefore, _sessionsBefore, _bodiesBefore, _peopleBefore;

    public async Task<VitalsSampleView> TakeAsync(long seq, CancellationToken ct)
    {
        var waiting = await WaitingAsync(ct);
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(_before, now);
        _before = now;
        var figures = profile.Figures;
        return new VitalsSampleView(
            seq, clock.GetUtcNow(), elapsed.TotalSeconds, Counts(figures, out var ranked, out var latest),
            new VitalsLatencyView(Percentiles(measured.ReadTimes.Buckets), Percentiles(measured.Requests.Published), Percentiles(measured.Requests.All)),
            FanOut(waiting), Quality(ranked + latest),
            new LiveVitalsView(live.Connections, live.Count, measured.Told.Take(), measured.Resyncs.Take()), ModelServer(),
            new MemoryVitalsView(
                figures.Inboxes, figures.InboxEntries, figures.InboxBytes, figures.TimelineBytes, figures.SeenBytes, figures.InboxLimitBytes,
                figures.HotPosts, figures.HotPostsMax, figures.SnapshotBytes, figures.SnapshotLimitBytes),
            [
                Cache("posts", fragments.Figures, ref _postsBefore), Cache("sessions", callers.Figures, ref _sessionsBefore),
                Cache("bodies", figures.Bodies, ref _bodiesBefore), Cache("people", figures.People, ref _peopleBefore),
            ],
            _process.Since(elapsed));
    }

    private VitalsCountsView Counts(EmbeddedFigures figures, out long ranked, out long latest)
    {
        var committed = figures.Committed;
        var (posts, engagements) = (committed.Posts - _committedBefore.Posts, committed.Engagements - _committedBefore.Engagements);
        _committedBefore = committed;
        (ranked, latest) = measured.Reads.Take();
        var requests = measured.Requests.Take();
        return new VitalsCountsView(
            posts, engagements, measured.Deliveries.Take(), ranked, latest, measured.Rebuilds.Take(), requests.Count, requests.Refused,
            requests.Limited, requests.Failed);
    }

    private FanOutVitalsView FanOut(WaitingJobs waiting)
    {
        long? oldestMs = waiting.OldestUnixMs == 0 ? null : Math.Max(0, clock.GetUtcNow().ToUnixTimeMilliseconds() - waiting.OldestUnixMs);
        return new FanOutVitalsView(
            Percentiles(measured.Lag.Buckets), status.FanOutLag, oldestMs,
            [.. waiting.Jobs.Select((jobs, i) => new WaitingView(i < FanOutWaits.UnderMs.Length ? FanOutWaits.UnderMs[i] : null, jobs))]);
    }

    /// <summary>A fan-out that doesn't get round to counting is busy with one slice: what it told last still waits, and is older by now.</summary>
    private async Task<WaitingJobs> WaitingAsync(CancellationToken ct)
    {
        try
        {
            return _waiting = await fanOut.WaitingAsync(ct).WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            return _waiting;
        }
    }

    private QualityVitalsView Quality(long reads)
    {
        var unranked = measured.Unranked.Take();
        return new QualityVitalsView(Math.Max(0, reads - unranked.Values.Sum()), unranked);
    }

    private ModelServerVitalsView? ModelServer()
    {
        var failures = measured.ModelServerFailures.Take();
        return models.Server is { } server
            ? new ModelServerVitalsView(JsonNamingPolicy.SnakeCaseLower.ConvertName(server.Breaker.ToString()), failures)
            : null;
    }

    private PercentilesView Percentiles(LatencyBuckets buckets)
    {
        var total = buckets.Take(_buckets);
        return total == 0
            ? new PercentilesView(0, null, null, null, null)
            : new PercentilesView(total, At(0.5), At(0.95), At(0.99), At(1));

        double At(double share) => LatencyBuckets.QuantileMs(_buckets, total, share);
    }

    private static CacheVitalsView Cache(string name, CacheFigures now, ref CacheFigures before)
    {
        var view = new CacheVitalsView(name, now.Entries, now.EntriesMax, now.Hits - before.Hits, now.Misses - before.Misses);
        before = now;
        return view;
    }
}
