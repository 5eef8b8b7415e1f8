using Tidings.Adapters.Tests.Contracts;

namespace Tidings.Adapters.Tests.Postgres;

public sealed class PostgresPeople(PostgresServers servers) : PeopleContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresCredentials(PostgresServers servers) : CredentialsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresGraph(PostgresServers servers) : GraphContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresAudiences(PostgresServers servers) : AudiencesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresPosts(PostgresServers servers) : PostsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresEngagement(PostgresServers servers) : EngagementContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresAffinity(PostgresServers servers) : AffinityContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresEvents(PostgresServers servers) : EventLogContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresFanOutModes(PostgresServers servers) : FanOutModesContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresSeenPosts(PostgresServers servers) : SeenPostsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresNotifications(PostgresServers servers) : NotificationsContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresRanking(PostgresServers servers) : RankingContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}

public sealed class PostgresPersonalData(PostgresServers servers) : PersonalDataContract
{
    protected override ValueTask<Ports> OpenAsync(TimeProvider clock) => PostgresPorts.OpenAsync(servers, clock);
}
