using Tidings.Adapters.Tests.Contracts;
using Tidings.Embedded;

namespace Tidings.Adapters.Tests.Record;

/// <summary>The embedded profile under the contract suites, in a folder of its own.</summary>
internal static class EmbeddedPorts
{
    private const long MiB = 1024 * 1024;

    /// <summary>Small, so that hundreds of records fit beside each other.</summary>
    public static EmbeddedOptions Options(string folder) => new()
    {
        DataFolder = folder,
        HotPostsMax = 4_096,
        WalBytesMax = 8 * MiB,
        BlockCacheBytes = 8 * MiB,
        InboxBytesMax = 64 * MiB,
        SnapshotBytesMax = 16 * MiB,
        FreeBytesMin = 0,
        Graph = SmallLimits.Graph,
    };

    public static async ValueTask<Ports> OpenAsync(TimeProvider clock)
    {
        var folder = new TemporaryFolder();
        var profile = await EmbeddedProfile.OpenAsync(Options(folder.Path), clock, null, CancellationToken.None);
        return new Ports
        {
            People = profile.People,
            Credentials = profile.Credentials,
            Graph = profile.Graph,
            Audiences = profile.Audiences,
            Posts = profile.Posts,
            Engagement = profile.Engagement,
            Affinity = profile.Affinity,
            PersonalData = profile.PersonalData,
            SeenPosts = profile.SeenPosts,
            Notifications = profile.Notifications,
            Events = profile.Events,
            Slates = profile.Slates,
            Ranking = profile.Ranking,
            Bulk = profile.Bulk,
            Presence = profile.Presence,
            Inboxes = profile.Inboxes,
            Snapshots = profile.Snapshots,
            Modes = profile.Modes,
            Remove = async () =>
            {
                await profile.DisposeAsync();
                folder.Dispose();
            },
        };
    }
}
