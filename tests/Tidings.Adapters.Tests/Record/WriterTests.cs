using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Embedded.Record;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class WriterTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Counted _table = new();
    private readonly TaskCompletionSource _release = new();
    private long _freeBytes = long.MaxValue;
    private int _probes;
    private Database _database = null!;
    private Writer _writer = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = EmbeddedPorts.Options(_folder.Path);
        options.GroupMax = 4;
        options.QueueMax = 8;
        _database = Database.Open(Path.Combine(_folder.Path, "record"), create: true, options.WalBytesMax, options.BlockCacheBytes);
        var space = new FreeSpace(_folder.Path, 1_000, _clock, () =>
        {
            _probes++;
            return _freeBytes;
        });
        _writer = new Writer(_database, [_table], default, options, _clock, space);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _writer.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    private Task<int> AddAsync(int count = 1, CancellationToken? ct = null) =>
        _writer.CommitAsync((_table, count), static (draft, state) => state._table.Add(draft, state.count), ct ?? Ct).AsTask();

    /// <summary>Holds the writer inside a decision until the test lets go.</summary>
    private async Task<Task> HoldAsync()
    {
        var entered = new TaskCompletionSource();
        var held = _writer.CommitAsync((entered, _release), static (_, state) =>
        {
            state.entered.SetResult();
            state._release.Task.Wait();
            return 0;
        }, Ct).AsTask();
        await entered.Task;
        return held;
    }

    [Fact]
    public async Task A_later_decision_of_a_group_sees_what_an_earlier_one_staged()
    {
        var held = await HoldAsync();
        var added = Enumerable.Range(0, 6).Select(_ => AddAsync()).ToArray();
        Assert.Equal(0, _table.Published);
        _release.SetResult();

        Assert.Equal(Enumerable.Range(1, 6), await Task.WhenAll(added));
        await held;
        Assert.Equal(6, _table.Published);
        Assert.Equal([4, 2], _table.Groups);
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_published()
    {
        for (var i = 1; i <= 50; i++)
        {
            Assert.Equal(i, await AddAsync());
            Assert.Equal(i, _table.Published);
        }
    }

    [Fact]
    public async Task Nothing_is_published_before_it_is_stored()
    {
        var stored = false;
        _table.WhenPublished = () => stored = _database.Get(ReachedRow.Key, _database.Columns.Meta) is not null;

        await AddAsync();

        Assert.True(stored);
    }

    [Fact]
    public async Task Callers_go_on_on_other_threads()
    {
        await AddAsync();
        Assert.NotEqual("tidings writer", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task A_decision_that_throws_before_it_staged_anything_fails_alone()
    {
        var held = await HoldAsync();
        var good = AddAsync();
        var bad = _writer.CommitAsync(0, static int (_, _) => throw new InvalidDataException("bad"), Ct).AsTask();
        var goodToo = AddAsync();
        _release.SetResult();

        Assert.Equal((1, 2), (await good, await goodToo));
        await Assert.ThrowsAsync<InvalidDataException>(() => bad);
        await held;
        Assert.False(_writer.Failed.IsCompleted);
    }

    [Fact]
    public async Task A_decision_that_throws_after_it_staged_something_ends_the_writer_and_nobody_is_told_that_it_was_done()
    {
        var held = await HoldAsync();
        var before = AddAsync();
        var bug = _writer.CommitAsync(_table, static int (draft, table) =>
        {
            table.Add(draft, 1);
            throw new InvalidDataException("bug");
        }, Ct).AsTask();
        var others = Enumerable.Range(0, 5).Select(_ => AddAsync()).ToArray();
        _release.SetResult();

        foreach (var failed in (Task[])[before, bug, .. others])
            await Assert.ThrowsAsync<RecordFailedException>(() => failed);
        await held;
        var failure = await _writer.Failed;
        Assert.IsType<InvalidDataException>(failure.InnerException);
        Assert.Equal(0, _table.Published);
        Assert.Null(_database.Get(ReachedRow.Key, _database.Columns.Meta));
        await Assert.ThrowsAsync<RecordFailedException>(() => AddAsync());
    }

    [Fact]
    public async Task A_write_that_fails_ends_the_writer()
    {
        await AddAsync();
        _table.FailSeal = true;

        await Assert.ThrowsAsync<RecordFailedException>(() => AddAsync());

        await _writer.Failed;
        Assert.Equal(1, _table.Published);
        await Assert.ThrowsAsync<RecordFailedException>(() => AddAsync());
    }

    [Fact]
    public async Task Who_cancels_while_waiting_is_never_decided()
    {
        var held = await HoldAsync();
        using var giveUp = new CancellationTokenSource();
        var cancelled = AddAsync(100, giveUp.Token);
        var stays = AddAsync();
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _release.SetResult();
        Assert.Equal(1, await stays);
        await held;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AddAsync(1, giveUp.Token));
        Assert.Equal(1, _table.Published);
    }

    [Fact]
    public async Task Who_cancels_after_the_decision_was_taken_is_committed_and_told_so()
    {
        using var giveUp = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var taken = _writer.CommitAsync((_table, entered, _release), static (draft, state) =>
        {
            state.entered.SetResult();
            state._release.Task.Wait();
            return state._table.Add(draft, 1);
        }, giveUp.Token).AsTask();
        await entered.Task;
        await giveUp.CancelAsync();
        _release.SetResult();

        Assert.Equal(1, await taken);
        Assert.Equal(1, _table.Published);
    }

    [Fact]
    public async Task Who_finds_the_queue_full_waits_for_room_and_is_served()
    {
        var held = await HoldAsync();
        var many = Enumerable.Range(0, 40).Select(_ => AddAsync()).ToArray();
        using var giveUp = new CancellationTokenSource();
        var withoutRoom = AddAsync(1, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withoutRoom);
        _release.SetResult();

        Assert.Equal(Enumerable.Range(1, 40), (await Task.WhenAll(many)).Order());
        await held;
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_refuses_what_comes_later()
    {
        var held = await HoldAsync();
        var waiting = Enumerable.Range(0, 7).Select(_ => AddAsync()).ToArray();
        var closing = _writer.DisposeAsync().AsTask();
        _release.SetResult();

        await Task.WhenAll(waiting);
        await closing;
        await held;
        Assert.Equal(7, _table.Published);
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => AddAsync());
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_changes_nothing_and_is_looked_at_once_a_second()
    {
        await AddAsync();
        _freeBytes = 999;
        await AddAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsAsync<StorageFullException>(() => AddAsync());
        await Assert.ThrowsAsync<StorageFullException>(() => AddAsync());
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), (_table.Published, _probes));

        _freeBytes = 1_000;
        await Assert.ThrowsAsync<StorageFullException>(() => AddAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, await AddAsync());
        Assert.False(_writer.Failed.IsCompleted);
    }

    /// <summary>A number that decisions add to.</summary>
    private sealed class Counted : Table
    {
        private int _staged, _inGroup;

        public int Published { get; private set; }

        public List<int> Groups { get; } = [];

        public bool FailSeal { get; set; }

        public Action? WhenPublished { get; set; }

        public int Add(Draft draft, int count)
        {
            _staged += count;
            _inGroup++;
            draft.Touch();
            return Published + _staged;
        }

        public override void Seal(Draft draft)
        {
            if (FailSeal) throw new IOException("no disk");
        }

        public override void Publish(Draft draft)
        {
            WhenPublished?.Invoke();
            Published += _staged;
            Groups.Add(_inGroup);
            (_staged, _inGroup) = (0, 0);
        }
    }
}
