using Tidings.Graph;

namespace Tidings.Embedded;

/// <summary>When an answer may leave.</summary>
public enum Durability
{
    /// <summary>After the disk has confirmed the write (fsync). Loses nothing that was answered.</summary>
    Always,
    /// <summary>
    /// After the operating system has taken the write; the disk confirms every <see cref="EmbeddedOptions.IntervalMs"/>. A killed process loses
    /// nothing that was answered; a power cut or a crash of the machine loses at most what was answered in the last interval.
    /// </summary>
    Interval,
}

/// <summary>How the embedded profile keeps its record and how much memory it may take. Checked when it opens.</summary>
public sealed class EmbeddedOptions
{
    private const long MiB = 1024 * 1024;

    /// <summary>The folder of the record: made where absent, else empty or a Tidings record. No default.</summary>
    public required string DataFolder { get; set; }

    /// <summary>Default <see cref="Durability.Always"/>.</summary>
    public Durability Durability { get; set; } = Durability.Always;

    /// <summary>Milliseconds between two syncs with <see cref="Durability.Interval"/>. 1 to 10,000; default 100.</summary>
    public int IntervalMs { get; set; } = 100;

    /// <summary>Decisions in one commit. 1 to 65,536; default 1,024.</summary>
    public int GroupMax { get; set; } = 1_024;

    /// <summary>Decisions that wait for the writer; who comes after waits for room. <see cref="GroupMax"/> to 1,048,576; default 16,384.</summary>
    public int QueueMax { get; set; } = 16_384;

    /// <summary>Posts whose headers memory holds, the newest. 1,024 to 268,435,456; default 4,194,304, which are some 300 MB.</summary>
    public int HotPostsMax { get; set; } = 4_194_304;

    /// <summary>Bytes of write-ahead log before tables are flushed: what a start after a kill has to replay. 1 MiB to 4 GiB; default 64 MiB.</summary>
    public long WalBytesMax { get; set; } = 64 * MiB;

    /// <summary>Bytes of the cache of table blocks. 1 MiB to 1 TiB; default 256 MiB.</summary>
    public long BlockCacheBytes { get; set; } = 256 * MiB;

    /// <summary>Free bytes of the disk below which writes are refused. 0 to 1 TiB; default 512 MiB; more than <see cref="WalBytesMax"/> twice over
    /// leaves room for what is already on its way.</summary>
    public long FreeBytesMin { get; set; } = 512 * MiB;

    /// <summary>How far back the event log goes. 1 minute to 365 days; default 7 days.</summary>
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of inboxes, author timelines and filters of seen posts in memory. 1 MiB to 1 TiB; default 4 GiB.</summary>
    public long InboxBytesMax { get; set; } = 4_096 * MiB;

    /// <summary>Bytes of ranked lists that page walks read from. 1 MiB to 1 TiB; default 256 MiB.</summary>
    public long SnapshotBytesMax { get; set; } = 256 * MiB;

    /// <summary>
    /// Opens a record whose write-ahead log is damaged, and drops what was written from the damage on. Default false: such a record is refused.
    /// </summary>
    public bool AcceptDamagedLog { get; set; }

    /// <summary>Followers from which on an author is pulled when the record opens, and not pushed. 1 to 1,000,000; default 10,000.</summary>
    public int PullFollowersMin { get; set; } = 10_000;

    /// <summary>How many people one person can hold in each list.</summary>
    public GraphLimits Graph { get; set; } = new();

    /// <exception cref="ArgumentException">An option is out of its range; the message shows its value and the range.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(DataFolder))
            throw new ArgumentException("DataFolder is empty: name the folder of the record.");
        if (!Enum.IsDefined(Durability))
            throw new ArgumentException($"Durability is {(int)Durability}: it is Always or Interval.");
        InRange(nameof(IntervalMs), IntervalMs, 1, 10_000);
        InRange(nameof(GroupMax), GroupMax, 1, 65_536);
        InRange(nameof(QueueMax), QueueMax, 1, 1_048_576);
        if (QueueMax < GroupMax)
            throw new ArgumentException($"QueueMax is {QueueMax} and GroupMax is {GroupMax}: a queue holds at least one group.");
        InRange(nameof(HotPostsMax), HotPostsMax, 1_024, 268_435_456);
        InRange(nameof(WalBytesMax), WalBytesMax, MiB, 4_096 * MiB);
        InRange(nameof(BlockCacheBytes), BlockCacheBytes, MiB, MiB * MiB);
        InRange(nameof(FreeBytesMin), FreeBytesMin, 0, MiB * MiB);
        if (LogRetention < TimeSpan.FromMinutes(1) || LogRetention > TimeSpan.FromDays(365))
            throw new ArgumentException($"LogRetention is {LogRetention}: it is 1 minute to 365 days.");
        InRange(nameof(InboxBytesMax), InboxBytesMax, MiB, MiB * MiB);
        InRange(nameof(SnapshotBytesMax), SnapshotBytesMax, MiB, MiB * MiB);
        InRange(nameof(PullFollowersMin), PullFollowersMin, 1, 1_000_000);
        InRange("Graph.FollowingMax", Graph.FollowingMax, 1, 100_000);
        InRange("Graph.FriendsMax", Graph.FriendsMax, 1, 100_000);
        InRange("Graph.OthersMax", Graph.OthersMax, 1, 100_000);
        InRange("Graph.AudienceListsMax", Graph.AudienceListsMax, 1, 1_000);
        InRange("Graph.AudienceMembersMax", Graph.AudienceMembersMax, 1, 100_000);
    }

    private static void InRange(string name, long value, long min, long max)
    {
        if (value < min || value > max)
            throw new ArgumentException($"{name} is {value:N0}: it is {min:N0} to {max:N0}.");
    }
}
