using RocksDbSharp;

namespace Tidings.Embedded.Record;

/// <summary>The tables of the record, each a column family of RocksDB. The names are part of the stored format; see docs/formats.md.</summary>
internal sealed class Columns(RocksDb rocks)
{
    public static readonly string[] Names =
    [
        "meta", "people", "handles", "credentials", "ties", "audiences", "headers", "bodies", "timelines", "marks", "comments", "affinity",
        "idempotency", "events", "impressions", "notifications", "slates", "ranking",
    ];

    public readonly ColumnFamilyHandle Meta = rocks.GetColumnFamily("meta");
    public readonly ColumnFamilyHandle People = rocks.GetColumnFamily("people");
    public readonly ColumnFamilyHandle Handles = rocks.GetColumnFamily("handles");
    public readonly ColumnFamilyHandle Credentials = rocks.GetColumnFamily("credentials");
    public readonly ColumnFamilyHandle Ties = rocks.GetColumnFamily("ties");
    public readonly ColumnFamilyHandle Audiences = rocks.GetColumnFamily("audiences");
    public readonly ColumnFamilyHandle Headers = rocks.GetColumnFamily("headers");
    public readonly ColumnFamilyHandle Bodies = rocks.GetColumnFamily("bodies");
    public readonly ColumnFamilyHandle Timelines = rocks.GetColumnFamily("timelines");
    public readonly ColumnFamilyHandle Marks = rocks.GetColumnFamily("marks");
    public readonly ColumnFamilyHandle Comments = rocks.GetColumnFamily("comments");
    public readonly ColumnFamilyHandle Affinity = rocks.GetColumnFamily("affinity");
    public readonly ColumnFamilyHandle Idempotency = rocks.GetColumnFamily("idempotency");
    public readonly ColumnFamilyHandle Events = rocks.GetColumnFamily("events");
    public readonly ColumnFamilyHandle Impressions = rocks.GetColumnFamily("impressions");
    public readonly ColumnFamilyHandle Notifications = rocks.GetColumnFamily("notifications");
    public readonly ColumnFamilyHandle Slates = rocks.GetColumnFamily("slates");
    public readonly ColumnFamilyHandle Ranking = rocks.GetColumnFamily("ranking");

    /// <summary>Those with something in their rows or keys that a person wrote or is called by; the others hold numbers alone.</summary>
    public IEnumerable<ColumnFamilyHandle> WithText => [People, Handles, Credentials, Audiences, Bodies, Comments, Idempotency];

    public IEnumerable<ColumnFamilyHandle> All =>
    [
        Meta, People, Handles, Credentials, Ties, Audiences, Headers, Bodies, Timelines, Marks, Comments, Affinity, Idempotency, Events,
        Impressions, Notifications, Slates, Ranking,
    ];
}
