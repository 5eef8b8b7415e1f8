using Tidings.Affinity;
using Tidings.Embedded;
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

namespace Tidings.Server.Hosting;

internal static class EmbeddedPorts
{
    /// <summary>The domain's ports, as the embedded profile has them. The profile is opened before and closed after the server.</summary>
    public static IServiceCollection AddEmbedded(this IServiceCollection services, EmbeddedProfile profile) => services
        .AddSingleton(profile)
        .AddSingleton<IPeopleStore>(profile.People)
        .AddSingleton<ICredentialStore>(profile.Credentials)
        .AddSingleton<IGraphStore>(profile.Graph)
        .AddSingleton<IAudienceStore>(profile.Audiences)
        .AddSingleton<IPostStore>(profile.Posts)
        .AddSingleton<IEngagementStore>(profile.Engagement)
        .AddSingleton<IAffinityStore>(profile.Affinity)
        .AddSingleton<IPersonalData>(profile.PersonalData)
        .AddSingleton<ISeenPosts>(profile.SeenPosts)
        .AddSingleton<INotificationStore>(profile.Notifications)
        .AddSingleton<IEventLog>(profile.Events)
        .AddSingleton<ISlateLog>(profile.Slates)
        .AddSingleton<IRankingStore>(profile.Ranking)
        .AddSingleton<IBulkLoad>(profile.Bulk)
        .AddSingleton<IInboxes>(profile.Inboxes)
        .AddSingleton<IPresence>(profile.Presence)
        .AddSingleton<ISnapshots>(profile.Snapshots)
        .AddSingleton<IFanOutModes>(profile.Modes)
        .AddSingleton(s => new FeedCursors(profile.CursorKey, s.GetRequiredService<TimeProvider>()));
}
