using Tidings.Affinity;
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

namespace Tidings.Adapters.Tests.Contracts;

/// <summary>The ports of one adapter, on a record of their own that begins empty.</summary>
public sealed class Ports : IAsyncDisposable
{
    public required IPeopleStore People { get; init; }
    public required ICredentialStore Credentials { get; init; }
    public required IGraphStore Graph { get; init; }
    public required IAudienceStore Audiences { get; init; }
    public required IPostStore Posts { get; init; }
    public required IEngagementStore Engagement { get; init; }
    public required IAffinityStore Affinity { get; init; }
    public required IPersonalData PersonalData { get; init; }
    public required ISeenPosts SeenPosts { get; init; }
    public required INotificationStore Notifications { get; init; }
    public required IEventLog Events { get; init; }
    public required ISlateLog Slates { get; init; }
    public required IRankingStore Ranking { get; init; }
    public required IBulkLoad Bulk { get; init; }
    public required IPresence Presence { get; init; }
    public required IInboxes Inboxes { get; init; }
    public required ISnapshots Snapshots { get; init; }
    public required IFanOutModes Modes { get; init; }

    /// <summary>Closes the adapter and removes what it stored.</summary>
    public required Func<ValueTask> Remove { get; init; }

    public ValueTask DisposeAsync() => Remove();
}
