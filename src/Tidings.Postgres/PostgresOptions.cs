using Tidings.Graph;

namespace Tidings.Postgres;

/// <summary>Where the record on PostgreSQL is. Checked when it opens.</summary>
public sealed class PostgresOptions
{
    /// <summary>Connection strings, 1 to 256; the first is the home server's. Their order is kept in the record: new servers come at the end.</summary>
    public required IReadOnlyList<string> Servers { get; set; }

    /// <summary>Connections to each server. 4 to 1,000; default 50.</summary>
    public int ConnectionsMax { get; set; } = 50;

    /// <summary>Milliseconds after which a statement that waits or runs is given up. 100 to 600,000; default 5,000.</summary>
    public int StatementMs { get; set; } = 5_000;

    /// <summary>Milliseconds between two looks for events of other processes. 1 to 60,000; default 20.</summary>
    public int RelayMs { get; set; } = 20;

    /// <summary>How far back the event log goes. 1 minute to 365 days; default 7 days.</summary>
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many people a person can hold in each list.</summary>
    public GraphLimits Graph { get; set; } = new();

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Servers.Count, nameof(Servers));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Servers.Count, 256, nameof(Servers));
        Between(ConnectionsMax, 4, 1_000, nameof(ConnectionsMax));
        Between(StatementMs, 100, 600_000, nameof(StatementMs));
        Between(RelayMs, 1, 60_000, nameof(RelayMs));
        ArgumentOutOfRangeException.ThrowIfLessThan(LogRetention, TimeSpan.FromMinutes(1), nameof(LogRetention));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LogRetention, TimeSpan.FromDays(365), nameof(LogRetention));
    }

    private static void Between(int value, int least, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
