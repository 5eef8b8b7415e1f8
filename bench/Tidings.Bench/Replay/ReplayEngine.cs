using HdrHistogram;
using Tidings.Bench.Measuring;
using Tidings.Bench.Start;
using Tidings.Bench.Worlds;
using Tidings.Embedded.Memory;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>
/// A replay through the engine: changes go in order, at most <see cref="WindowMax"/> at a time unanswered; fan-out runs beside them, and so does one
/// who reads the feeds of those who have an inbox, one page for so many changes.
/// </summary>
internal sealed class ReplayEngine : IAsyncDisposable
{
    public const int WindowMax = 1_024;
    private const int ChangesPerRead = 8;

    private readonly WatchedInboxes _watch;
    private readonly SemaphoreSlim _window = new(WindowMax, WindowMax);
    private readonly SemaphoreSlim _reads = new(0);
    private readonly LongHistogram _readNs = new(60_000_000_000, 3);
    private readonly List<(PlainFeeds.PlainPost Post, long CalledNs, long AnsweredNs)> _published = [];
    private readonly Lock _gate = new();
    private int _changes;
    private volatile Exception? _failure;

    private ReplayEngine(Engine engine, WatchedInboxes watch) => (Engine, _watch) = (engine, watch);

    public Engine Engine { get; }

    public static async Task<ReplayEngine> OpenAsync(Report report, ReplayGraph graph)
    {
        using var empty = new TempFolder();
        var nothing = await OpenChild.StartAsync(empty.Path, kill: false);
        var opened = await OpenChild.StartAsync(graph.Options.DataFolder, kill: false);
        report.Add("open the record", opened.OpenedMs, "ms");
        report.Add("resident memory above an empty record, for each person", (opened.ResidentBytes - nothing.ResidentBytes) / (double)graph.People.Count, "B");
        WatchedInboxes? watch = null;
        var engine = await Engine.OpenAsync(graph.Options, inboxes => watch = new WatchedInboxes(inboxes));
        return new ReplayEngine(engine, watch!);
    }

    /// <summary>Gives everyone in the list an inbox, by reading.</summary>
    public async Task WarmAsync(IReadOnlyList<UserId> readers)
    {
        foreach (var reader in readers)
        {
            using var page = await ReadAsync(reader, FeedOrder.Latest);
        }
    }

    /// <summary>Runs the changes with fan-out and reading beside them.</summary>
    /// <param name="changes">Starts the next change; it is answered when the task completes. Null at the end.</param>
    /// <param name="ratePerSecond">0 for as fast as it goes.</param>
    public async Task RunAsync(Report report, string what, IReadOnlyList<UserId> readers, Func<Task?> changes, int ratePerSecond)
    {
        using var end = new CancellationTokenSource();
        var fanOut = Task.Run(() => Engine.FanOut.RunAsync(end.Token));
        var reading = Task.Run(() => ReadAllAsync(readers, end.Token));
        var began = Clocks.NowNs;
        await ChangeAllAsync(changes, ratePerSecond);
        var answered = (Clocks.NowNs - began) / 1e9;
        while (!Engine.IsFanOutDone)
        {
            if (fanOut.IsFaulted)
                await fanOut;
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
        var delivered = (Clocks.NowNs - began) / 1e9;
        await end.CancelAsync();
        foreach (var task in new[] { fanOut, reading })
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        report.Add($"{what} replayed", _changes, "events");
        report.Add($"{what} answered, each fsynced", _changes / answered, "/s");
        report.Add("from the last answer until all was delivered", (delivered - answered) * 1e3, "ms");
        report.Add("deliveries", _watch.Deliveries, "");
        report.Add("deliveries, over the whole run", _watch.Deliveries / delivered, "/s");
        report.Add("ranked pages read beside it", _readNs.TotalCount / delivered, "/s");
        report.Add("ranked page, p50", _readNs.GetValueAtPercentile(50) / 1e6, "ms");
        report.Add("ranked page, p99", _readNs.GetValueAtPercentile(99) / 1e6, "ms");
        Propagation(report);
    }

    /// <summary>Publishes, and gives the plain post its id.</summary>
    public async Task<PostId> PublishAsync(PlainFeeds.PlainPost post, string text)
    {
        var called = Clocks.NowNs;
        var published = await Engine.Publish.ExecuteAsync(
            new NewPost(post.Author, PostType.Text, Audience.Public, default, new PostBody(text, [])), null, CancellationToken.None);
        var answered = Clocks.NowNs;
        post.Id = published.Value.Id;
        lock (_gate)
            _published.Add((post, called, answered));
        return post.Id;
    }

    public void MemoryOf(Report report)
    {
        var inboxes = (Inboxes)Engine.Profile.Inboxes;
        report.Add("inboxes", inboxes.OpenInboxes, "");
        report.Add("entries of an inbox", inboxes.Entries / (double)inboxes.OpenInboxes, "");
        report.Add("bytes for an inbox entry, growth slack included", inboxes.Bytes / (double)inboxes.Entries, "B", atMost: 8);
        report.Add("bytes for an inbox, with its record of 36", inboxes.Bytes / (double)inboxes.OpenInboxes + 36, "B");
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _window.Dispose();
        _reads.Dispose();
    }

    private async Task ChangeAllAsync(Func<Task?> changes, int ratePerSecond)
    {
        var began = Clocks.NowNs;
        while (true)
        {
            await _window.WaitAsync();
            while (ratePerSecond > 0 && Clocks.NowNs - began < _changes * 1e9 / ratePerSecond)
                Clocks.Pause(50_000);
            if (_failure is not null || changes() is not { } change)
                break;
            if (++_changes % ChangesPerRead == 0)
                _reads.Release();
            _ = ReleaseAfterAsync(change);
        }
        for (var i = 1; i < WindowMax; i++)
            await _window.WaitAsync();
        if (_failure is not null)
            throw new InvalidOperationException("A change failed.", _failure);
    }

    private async Task ReleaseAfterAsync(Task change)
    {
        try
        {
            await change;
        }
        catch (Exception e)
        {
            _failure = e;
        }
        _window.Release();
    }

    private async Task ReadAllAsync(IReadOnlyList<UserId> readers, CancellationToken ct)
    {
        for (var i = 0; ; i++)
        {
            await _reads.WaitAsync(ct);
            var began = Clocks.NowNs;
            using var page = await ReadAsync(readers[i % readers.Count], FeedOrder.Ranked);
            _readNs.RecordValue(Clocks.NowNs - began);
        }
    }

    private async ValueTask<FeedPage> ReadAsync(UserId reader, FeedOrder order) =>
        (await Engine.ReadFeed.ExecuteAsync(reader, new FeedQuery(order, FeedQuery.LimitDefault, null), CancellationToken.None)).Value;

    private void Propagation(Report report)
    {
        var (fromCall, fromAnswer) = (new LongHistogram(600_000_000_000, 3), new LongHistogram(600_000_000_000, 3));
        foreach (var (post, called, answered) in _published)
        {
            if (!_watch.LastDeliveryNs.TryGetValue(post.Id, out var delivered))
                continue;
            fromCall.RecordValue(delivered - called);
            fromAnswer.RecordValue(Math.Max(1, delivered - answered));
        }
        report.Add("posts with at least one delivery", fromCall.TotalCount, "posts");
        if (fromCall.TotalCount == 0)
            return;
        foreach (var p in new double[] { 50, 99, 100 })
            report.Add($"from a post's answer to its last delivery, p{p}", fromAnswer.GetValueAtPercentile(p) / 1e6, "ms");
        foreach (var p in new double[] { 50, 99 })
            report.Add($"from the call to its last delivery, commit included, p{p}", fromCall.GetValueAtPercentile(p) / 1e6, "ms");
    }
}
