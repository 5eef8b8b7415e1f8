using Tidings.Adapters.Tests.Contracts;

namespace Tidings.Adapters.Tests.Record;

public sealed class EmbeddedPeople : PeopleContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedCredentials : CredentialsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedGraph : GraphContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedAudiences : AudiencesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedPosts : PostsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedEngagement : EngagementContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedAffinity : AffinityContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedSeenPosts : SeenPostsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedNotifications : NotificationsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedEvents : EventLogContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedSlates : SlateLogContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedRanking : RankingContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedInboxes : InboxesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedPresence : PresenceContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedSnapshots : SnapshotsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedAnnouncer : AnnouncerContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedBulkLoad : BulkLoadContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedFanOutModes : FanOutModesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}

public sealed class EmbeddedPersonalData : PersonalDataContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => EmbeddedPorts.OpenAsync(clock);
}
