using System.Text;

namespace Tidings.Redis;

/// <summary>How a reader's inbox lies in Redis.</summary>
public enum InboxLayout : byte
{
    /// <summary>A string of 8-byte ids.</summary>
    Packed = 0,
    /// <summary>A sorted set, as many systems have it: easy to look at by hand, and several times as dear.</summary>
    SortedSet = 1,
}

/// <summary>Where the Redis Cluster is, and for how long things are kept there. Checked when it opens.</summary>
public sealed class RedisOptions
{
    /// <summary>Some of the cluster's nodes, with user, password and TLS where there are any, as StackExchange.Redis writes it:
    /// <c>redis-1:6379,redis-2:6379,ssl=true</c>.</summary>
    public required string Servers { get; set; }

    /// <summary>Begins every key and channel: for several networks on one cluster. 0 to 32 bytes; no braces. Default empty.</summary>
    public string KeyPrefix { get; set; } = "";

    /// <summary>Milliseconds after which a call is given up. 50 to 60,000; default 1,000.</summary>
    public int CallMs { get; set; } = 1_000;

    /// <summary>How long an inbox is kept for a reader who isn't here; who is away for longer counts as dormant. 1 minute to 14 days; default 24 hours.</summary>
    public TimeSpan InboxLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Default <see cref="Redis.InboxLayout.Packed"/>. All processes have the same; a change makes all inboxes anew.</summary>
    public InboxLayout InboxLayout { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Servers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(KeyPrefix), 32, nameof(KeyPrefix));
        if (KeyPrefix.AsSpan().ContainsAny('{', '}'))
            throw new ArgumentException("KeyPrefix has no braces: they decide where a key is.", nameof(KeyPrefix));
        ArgumentOutOfRangeException.ThrowIfLessThan(CallMs, 50);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CallMs, 60_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(InboxLifetime, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(InboxLifetime, TimeSpan.FromDays(14));
        if (!Enum.IsDefined(InboxLayout))
            throw new ArgumentOutOfRangeException(nameof(InboxLayout), InboxLayout, "There is no such layout.");
    }
}
