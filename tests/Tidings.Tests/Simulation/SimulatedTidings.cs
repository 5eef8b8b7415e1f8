using Microsoft.Extensions.Time.Testing;
using Tidings.Affinity;
using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Live;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Tests.Simulation;

/// <summary>The real thing over a real record in a folder of its own, with a clock that the test moves and a fan-out that it steps.</summary>
internal sealed class SimulatedTidings : IAsyncDisposable
{
    private const int CopyTriesMax = 50;

    private readonly FanOutPolicy _policy;
    private string _folder;
    private EmbeddedProfile _profile = null!;

    private SimulatedTidings(FanOutPolicy policy)
    {
        _policy = policy;
        _folder = NewFolder();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public RankingPlans Plans { get; } = new(RankingProfile.Default);

    public Exposures Exposures { get; } = new();

    public SlateSampler Slates { get; set; } = SlateSampler.Off;
    public EmbeddedProfile Profile => _profile;
    public FanOutWorker FanOut { get; private set; } = null!;
    public AuditInboxes Audits { get; private set; } = null!;
    public PublishPost Publish { get; private set; } = null!;
    public EditPost Edit { get; private set; } = null!;
    public SeePosts See { get; private set; } = null!;
    public MarkPost Mark { get; private set; } = null!;
    public CommentOnPost Comment { get; private set; } = null!;
    public SeePeople SeePeople { get; private set; } = null!;
    public ReadEngagement ReadEngagement { get; private set; } = null!;
    public ChangeTie ChangeTie { get; private set; } = null!;
    public ReportImpressions Report { get; private set; } = null!;
    public NotificationWorker Notify { get; private set; } = null!;
    public ReadNotifications ReadNotifications { get; private set; } = null!;
    public MeetPerson Meet { get; private set; } = null!;
    public ReadFeed ReadFeed { get; private set; } = null!;

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<SimulatedTidings> StartAsync(int thresholdFollowers)
    {
        var tidings = new SimulatedTidings(new FanOutPolicy { ThresholdFollowers = thresholdFollowers });
        await tidings.OpenAsync();
        return tidings;
    }

    public async Task<UserId> JoinAsync(string handle) =>
        (await new SignUp(_profile.People).ExecuteAsync(handle, handle, "", null, CancellationToken.None)).Value;

    /// <summary>Closes and opens again, as a stop and a start do.</summary>
    public async Task RestartAsync()
    {
        await _profile.DisposeAsync();
        await OpenAsync();
    }

    /// <summary>Goes on from a copy of the folder taken without closing, as after a kill.</summary>
    public async Task CrashAsync()
    {
        var copy = NewFolder();
        for (var tries = 1; !TryCopy(copy); tries++)
        {
            Assert.True(tries < CopyTriesMax, "The folder never stood still long enough to be copied.");
            Directory.Delete(copy, recursive: true);
        }
        await _profile.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _folder = copy;
        await OpenAsync();
    }

    /// <summary>
    /// RocksDB tidies up while we copy. What tells which files count is copied first: if all of those are still there after that, the copy is
    /// the record of that moment.
    /// </summary>
    private bool TryCopy(string copy)
    {
        var files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("lock", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(file => Path.GetFileName(file) == "CURRENT")
            .ThenByDescending(file => Path.GetFileName(file).StartsWith("MANIFEST", StringComparison.Ordinal));
        try
        {
            foreach (var file in files)
            {
                var to = Path.Combine(copy, Path.GetRelativePath(_folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public async Task DrainNotificationsAsync()
    {
        while (await Notify.StepAsync(CancellationToken.None))
        {
        }
    }

    public async Task DrainFanOutAsync()
    {
        while (await FanOut.StepAsync(CancellationToken.None))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync()
    {
        var options = new EmbeddedOptions
        {
            DataFolder = _folder, HotPostsMax = 4_096, FreeBytesMin = 0, BlockCacheBytes = 8 << 20, InboxBytesMax = 64 << 20, SnapshotBytesMax = 8 << 20,
        };
        _profile = await EmbeddedProfile.OpenAsync(options, Clock, null, CancellationToken.None);
        var p = _profile;
        FanOut = new FanOutWorker(p.Events, p.Graph, p.Inboxes, p.Presence, p.Modes, _policy, Clock, p.Events.End);
        Audits = new AuditInboxes(p.Inboxes, p.Posts, p.Graph, p.Modes, p.Presence, p.Events, FanOut, Clock) { Pause = TimeSpan.Zero };
        Publish = new PublishPost(p.Posts);
        Edit = new EditPost(p.Posts);
        See = new SeePosts(p.Posts, p.Graph, p.Audiences);
        Mark = new MarkPost(See, p.Engagement);
        Comment = new CommentOnPost(See, p.Engagement);
        SeePeople = new SeePeople(p.People, p.Graph);
        ReadEngagement = new ReadEngagement(See, SeePeople, p.Engagement);
        ChangeTie = new ChangeTie(p.Graph, p.Inboxes);
        Report = new ReportImpressions(p.Posts, p.SeenPosts);
        var live = new LiveReaders(Clock, new LiveOptions());
        Notify = new NotificationWorker(p.Events, p.Notifications, new WhoIsTold(See, p.Posts, p.Engagement, p.People, p.Graph), live);
        ReadNotifications = new ReadNotifications(p.Notifications, See, p.Posts, p.Graph, live, Clock);
        Meet = new MeetPerson(p.Graph, p.Affinity);
        ReadFeed = new ReadFeed(
            p.Inboxes, p.Posts, p.Graph, p.Audiences, p.Engagement, p.Affinity, p.SeenPosts, p.Modes, p.Snapshots,
            new FeedCursors(p.CursorKey, Clock), Plans, Slates, Exposures, Clock);
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("tidings-simulation-").FullName;
}
