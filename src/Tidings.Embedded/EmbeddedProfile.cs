using Tidings.Affinity;
using Tidings.Embedded.Memory;
using Tidings.Embedded.Record;
using Tidings.Embedded.Record.Stores;
using Tidings.Embedded.Record.Tables;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Import;
using Tidings.Notifications;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Embedded;

/// <summary>
/// Everything that Tidings keeps, in one process: the record on disk (RocksDB, one writer) and in memory what is hot, loaded when it opens and
/// kept current by the writer. Every port of the domain is a property. Watch <see cref="Failed"/>: when it completes, end the process.
/// </summary>
public sealed class EmbeddedProfile : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly Database _database;
    private readonly Writer _writer;
    private readonly Housekeeping _housekeeping;
    private readonly ErasedCompaction _compaction;
    private readonly Backup _backup;
    private readonly IDisposable[] _memory;
    private readonly RecordTables _tables;
    private readonly Inboxes _inboxes;
    private readonly Snapshots _snapshots;
    private int _closed;

    private EmbeddedProfile(
        DataFolder folder, Database database, RecordState state, RecordTables tables, EmbeddedOptions options, TimeProvider clock, FreeSpace space)
    {
        _folder = folder;
        _database = database;
        _writer = new Writer(database, tables.All, state.Reached, options, clock, space);
        _compaction = new ErasedCompaction(_writer, database, tables.Erased);
        _backup = new Backup(database, folder);
        _housekeeping = new Housekeeping(_writer, database, tables.Credentials, tables.Claims, tables.Filters, options.LogRetention);
        _tables = tables;
        var inboxes = _inboxes = new Inboxes(tables.Hot, tables.Slab, clock);
        var snapshots = _snapshots = new Snapshots(tables.SnapshotSlab, clock, options.SnapshotBytesMax);
        _memory = [inboxes, snapshots, tables.Filters, tables.Timelines, tables.Hot, tables.Slab, tables.SnapshotSlab];

        CursorKey = state.CursorKey;
        People = new PeopleStore(_writer, tables.People, tables.Credentials);
        Credentials = new CredentialStore(_writer, tables.Credentials, tables.Erased);
        Graph = new GraphStore(_writer, tables.People, tables.Ties, options.Graph);
        Audiences = new AudienceStore(_writer, tables.People, tables.Audiences, options.Graph);
        Posts = new PostStore(_writer, tables.People, tables.Audiences, tables.Posts, tables.Claims);
        Engagement = new EngagementStore(_writer, tables.People, tables.Posts, tables.Marks, tables.Comments, tables.Affinity, tables.Claims);
        Affinity = new AffinityStore(_writer, tables.People, tables.Affinity);
        PersonalData = new PersonalDataStore(_writer, tables, new Remains(_writer, tables));
        SeenPosts = new SeenPosts(_writer, tables.People, tables.Impressions, clock);
        Notifications = new NotificationStore(_writer, tables.People, tables.Notifications, clock);
        Events = tables.Events;
        Slates = new SlateLog(_writer, database);
        Ranking = new RankingStore(_writer, database);
        Bulk = new BulkLoad(_writer, database, tables.People, tables.Ties, tables.Audiences);
        Inboxes = inboxes;
        Presence = inboxes;
        Snapshots = snapshots;
        Modes = tables.Modes;
    }

    public IPeopleStore People { get; }

    public ICredentialStore Credentials { get; }

    public IGraphStore Graph { get; }

    public IAudienceStore Audiences { get; }

    public IPostStore Posts { get; }

    public IEngagementStore Engagement { get; }

    public IAffinityStore Affinity { get; }

    public IPersonalData PersonalData { get; }
    public ISeenPosts SeenPosts { get; }

    public INotificationStore Notifications { get; }

    public IEventLog Events { get; }

    public ISlateLog Slates { get; }

    public IRankingStore Ranking { get; }

    public IBulkLoad Bulk { get; }

    public IInboxes Inboxes { get; }

    public IPresence Presence { get; }

    public ISnapshots Snapshots { get; }

    public IFanOutModes Modes { get; }

    /// <summary>32 random bytes, made at the first start and kept in the record: the key of cursors.</summary>
    public byte[] CursorKey { get; }

    public EmbeddedFigures Figures => new(
        _tables.Events.Committed, _inboxes.OpenInboxes, _inboxes.Entries, _inboxes.Bytes, _tables.Timelines.Bytes,
        Math.Max(0, _tables.Slab.UsedBytes - _inboxes.Bytes - _tables.Timelines.Bytes), _tables.Slab.LimitBytes,
        _tables.Hot.Count, _tables.Hot.Capacity, _snapshots.Bytes, _tables.SnapshotSlab.LimitBytes, _tables.Posts.Bodies, _tables.People.Kept);

    /// <summary>Completes when the record has failed and takes no more writes. End the process with an error, so that it is started anew.</summary>
    public Task<RecordFailedException> Failed => _writer.Failed;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    /// <exception cref="RecordException">The folder can't be opened: in use, newer, damaged, or no record. The message says what to do.</exception>
    public static Task<EmbeddedProfile> OpenAsync(
        EmbeddedOptions options, TimeProvider clock, IProgress<LoadProgress>? progress, CancellationToken ct) =>
        OpenAsync(options, clock, progress, freeBytes: null, ct);

    /// <param name="freeBytes">The free bytes of the disk; null asks the disk.</param>
    internal static async Task<EmbeddedProfile> OpenAsync(
        EmbeddedOptions options, TimeProvider clock, IProgress<LoadProgress>? progress, Func<long>? freeBytes, CancellationToken ct)
    {
        options.Validate();
        var folder = DataFolder.Open(options.DataFolder);
        Database? database = null;
        RecordTables? tables = null;
        try
        {
            if (!options.AcceptDamagedLog)
                LogCheck.Check(folder.Record);
            database = Database.Open(folder.Record, folder.IsNew, options.WalBytesMax, options.BlockCacheBytes);
            var state = folder.IsNew ? RecordState.Make(database) : RecordState.Read(database);
            if (folder.IsNew)
                folder.Made();
            tables = new RecordTables(database, state.Reached, options);
            await tables.LoadAsync(progress, ct);
            var space = new FreeSpace(options.DataFolder, options.FreeBytesMin, clock, freeBytes ?? (() => FreeSpace.OfDisk(folder.Record)));
            return new EmbeddedProfile(folder, database, state, tables, options, clock, space);
        }
        catch
        {
            tables?.Dispose();
            database?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Removes a stretch of what has expired: sessions, idempotency keys, events. Call it about once a minute, one call at a time.</summary>
    /// <returns>How many rows were removed.</returns>
    public ValueTask<int> SweepAsync(long nowUnixMs, CancellationToken ct) => _housekeeping.SweepAsync(nowUnixMs, ct);

    /// <summary>Writes the files anew that still hold what erased people wrote, where they were erased before a moment.</summary>
    /// <param name="ct">Ends it for good: cancel it when the record is about to close.</param>
    /// <returns>How many people it was for; 0 where there was nothing to do.</returns>
    public ValueTask<int> CompactErasedAsync(long erasedBeforeUnixMs, CancellationToken ct) => _compaction.RunAsync(erasedBeforeUnixMs, ct);

    /// <summary>Copies the data folder to another that isn't there yet, while everything goes on. All that was acknowledged before is in it.</summary>
    /// <returns>False where a copy is being made.</returns>
    /// <exception cref="IOException">It can't be written there; nothing is left of it.</exception>
    public ValueTask<bool> BackUpAsync(string target) => _backup.RunAsync(target);

    /// <summary>Commits what waits, writes everything out and closes. Nobody may use a port any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        await _compaction.StopAsync();
        await _backup.StopAsync();
        await _writer.DisposeAsync();
        foreach (var memory in _memory)
            memory.Dispose();
        try
        {
            if (!_writer.Failed.IsCompleted)
                _database.Flush();
        }
        finally
        {
            _database.Dispose();
            _folder.Dispose();
        }
    }
}
