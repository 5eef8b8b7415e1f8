using RocksDbSharp;
using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;

namespace Tidings.Embedded.Record;

/// <summary>All tables of one record and the memory under them.</summary>
internal sealed class RecordTables(Database database, ReachedRow reached, EmbeddedOptions options) : IDisposable
{
    private readonly GraphMemory _graph = new();

    public HotPosts Hot { get; } = new(options.HotPostsMax);

    public Slab Slab { get; } = new(options.InboxBytesMax);

    public Slab SnapshotSlab { get; } = new(options.SnapshotBytesMax);

    public AuthorTimelines Timelines => field ??= new AuthorTimelines(Hot, Slab);

    public FanOutModes Modes { get; } = new();

    public ErasedTable Erased { get; } = new(database);

    public PeopleTable People => field ??= new PeopleTable(database, reached.Person, Erased);

    public CredentialTable Credentials { get; } = new(database);

    public TieTable Ties => field ??= new TieTable(_graph);

    public AudienceTable Audiences { get; } = new(database);

    public PostTable Posts => field ??= new PostTable(database, Hot, Timelines);

    public MarkTable Marks { get; } = new(database);

    public CommentTable Comments { get; } = new(database);

    public AffinityTable Affinity { get; } = new(database);

    public SeenFilters Filters => field ??= new SeenFilters(Slab);

    public ImpressionTable Impressions => field ??= new ImpressionTable(database, Filters);

    public NotificationTable Notifications { get; } = new(database);

    public ClaimTable Claims { get; } = new(database);

    public EventLog Events { get; } = new(database, reached.Event);

    /// <summary>In the order in which they publish: the events last, so that whoever reads of a change finds it.</summary>
    public IReadOnlyList<Table> All =>
        [Erased, People, Credentials, Ties, Audiences, Posts, Marks, Comments, Affinity, Impressions, Notifications, Claims, Events];

    public async Task LoadAsync(IProgress<LoadProgress>? progress, CancellationToken ct)
    {
        Erased.Load();
        CommentPlaces.Ensure(database, ct);
        var loader = new Loader(database, options, progress, ct);
        var graph = Task.Run(() => loader.LoadGraph(_graph, Modes, reached.Person), CancellationToken.None);
        var posts = Task.Run(() => loader.LoadPosts(Hot, Timelines, reached.Person), CancellationToken.None);
        var events = Task.Run(Events.Load, CancellationToken.None);
        await Task.WhenAll(graph, posts, events);
        if (await posts is { } cold)
        {
            using var batch = new WriteBatch();
            batch.Put(ColdAuthorsRow.Key, cold.Write(), database.Columns.Meta);
            database.Write(batch, sync: true);
        }
    }

    public void Dispose()
    {
        Filters.Dispose();
        Timelines.Dispose();
        Hot.Dispose();
        Slab.Dispose();
        SnapshotSlab.Dispose();
    }
}
