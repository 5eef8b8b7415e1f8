namespace Tidings.Client.Wire;

/// <summary>How the server has been, second by second.</summary>
/// <param name="Seq">The newest sample's number: send it as <c>after</c> for what comes next. It goes on rising over restarts.</param>
/// <param name="KeptMax">Samples that are kept; older ones are forgotten.</param>
/// <param name="Samples">Oldest first, each number one more than before.</param>
public sealed record VitalsView(long Seq, int KeptMax, IReadOnlyList<VitalsSampleView> Samples);

/// <summary>What happened since the sample before, and how things stood at its end.</summary>
/// <param name="Seconds">How long it is since the sample before: about 1.</param>
/// <param name="ModelServer">Null where no model server is asked.</param>
public sealed record VitalsSampleView(
    long Seq, DateTimeOffset At, double Seconds, VitalsCountsView Counts, VitalsLatencyView Latency, FanOutVitalsView FanOut,
    QualityVitalsView Quality, LiveVitalsView Live, ModelServerVitalsView? ModelServer, MemoryVitalsView Memory,
    IReadOnlyList<CacheVitalsView> Caches, ProcessVitalsView Process);

/// <summary>How often since the sample before.</summary>
/// <param name="Posts">Published.</param>
/// <param name="Engagements">Likes, shares, hides and comments that were left.</param>
/// <param name="Deliveries">Post ids put into inboxes.</param>
/// <param name="Rebuilds">Inboxes rebuilt inside a read.</param>
/// <param name="Requests">HTTP requests that were answered, whatever the answer.</param>
/// <param name="Refused">Of them, answered with 4xx, without those of <paramref name="Limited"/>.</param>
/// <param name="Limited">Of them, answered with 429.</param>
/// <param name="Failed">Of them, answered with 5xx.</param>
public sealed record VitalsCountsView(
    long Posts, long Engagements, long Deliveries, long FeedsRanked, long FeedsLatest, long Rebuilds, long Requests, long Refused, long Limited,
    long Failed);

/// <param name="Feed">Reads of feeds, in the engine.</param>
/// <param name="Publish">Requests that published a post, to the confirmation of the disk.</param>
/// <param name="Http">All requests but live connections.</param>
public sealed record VitalsLatencyView(PercentilesView Feed, PercentilesView Publish, PercentilesView Http);

/// <summary>Within 3 % of what was measured. Null where nothing was.</summary>
public sealed record PercentilesView(long Count, double? P50Ms, double? P95Ms, double? P99Ms, double? MaxMs);

/// <param name="Lag">From the commit of a post to its last delivery, of the posts whose last one was made since the sample before; to the millisecond.</param>
/// <param name="Backlog">Events that fan-out has yet to see to.</param>
/// <param name="OldestMs">How long ago the oldest of them was committed; null where nothing waits.</param>
/// <param name="Waiting">The jobs that fan-out holds, by how long ago they were committed: less than 10 ms, 100 ms, 1 s, 10 s, and more. What it hasn't
/// read yet is in <paramref name="Backlog"/> only.</param>
public sealed record FanOutVitalsView(PercentilesView Lag, long Backlog, long? OldestMs, IReadOnlyList<WaitingView> Waiting);

/// <param name="UnderMs">And not less than that of the entry before; null for all that are older.</param>
public sealed record WaitingView(int? UnderMs, int Jobs);

/// <summary>Pages of feeds by how good they were.</summary>
/// <param name="Unranked">By the reason.</param>
public sealed record QualityVitalsView(long Full, IReadOnlyDictionary<string, long> Unranked);

/// <param name="Connections">Open now.</param>
/// <param name="Readers">Who are or lately were connected.</param>
/// <param name="Told">Events given to readers, one for each reader, since the sample before.</param>
/// <param name="Resyncs">Connections told to read again since the sample before.</param>
public sealed record LiveVitalsView(int Connections, int Readers, long Told, long Resyncs);

/// <param name="Breaker"><c>closed</c>: it is asked. <c>open</c>: it is left alone. <c>half_open</c>: one batch tries it.</param>
/// <param name="Failures">Batches that it did not score since the sample before.</param>
public sealed record ModelServerVitalsView(string Breaker, long Failures);

/// <param name="HotPosts">Posts whose headers are in memory.</param>
/// <param name="InboxLimitBytes">For inboxes, timelines and seen filters together.</param>
public sealed record MemoryVitalsView(
    long Inboxes, long InboxEntries, long InboxBytes, long TimelineBytes, long SeenBytes, long InboxLimitBytes, int HotPosts, long HotPostsMax,
    long SnapshotBytes, long SnapshotLimitBytes);

/// <param name="Name"><c>posts</c>, <c>sessions</c>, <c>bodies</c> or <c>people</c>.</param>
/// <param name="Hits">Since the sample before.</param>
/// <param name="Misses">Since the sample before.</param>
public sealed record CacheVitalsView(string Name, int Entries, int EntriesMax, long Hits, long Misses);

/// <param name="Cpu">Cores' worth of work: 1 is one core all the time.</param>
/// <param name="Cores">That the process may use.</param>
/// <param name="GcPause">Share of the time for which everything stood still: 0 to 1.</param>
/// <param name="PoolQueue">Pieces of work waiting for a thread.</param>
public sealed record ProcessVitalsView(
    double Cpu, int Cores, long ResidentBytes, long GcHeapBytes, double GcPause, int PoolThreads, long PoolQueue, double UptimeSeconds);

/// <summary>Whose posts cost most to bring to their readers, lately.</summary>
/// <param name="HalfLifeSeconds">What is so old counts half.</param>
/// <param name="DeliveriesPerMinute">Of all authors together.</param>
/// <param name="Items">The costliest first.</param>
public sealed record AuthorCostsView(double HalfLifeSeconds, double DeliveriesPerMinute, IReadOnlyList<AuthorCostView> Items);

/// <param name="Mode"><c>push</c>, <c>pull</c> or <c>draining</c>: on the way from pull to push.</param>
/// <param name="DeliveriesPerMinute">Lately. A post that is left to be pulled costs one.</param>
/// <param name="TooHighByAtMost">Of <paramref name="DeliveriesPerMinute"/>: where more authors post than are counted one by one, they share a place.</param>
/// <param name="Share">Of all deliveries: 0 to 1.</param>
public sealed record AuthorCostView(
    PersonSummary Author, int Followers, string Mode, double PostsPerMinute, double DeliveriesPerMinute, double TooHighByAtMost, double Share);
