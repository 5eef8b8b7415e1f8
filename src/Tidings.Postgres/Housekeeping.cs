using Npgsql;
using Tidings.Feeds;
using Tidings.Postgres.Sharding;
using Tidings.Postgres.Stores;
using Tidings.Posts;

namespace Tidings.Postgres;

/// <summary>
/// Removes what has expired, a stretch of each kind at a time: credentials, idempotency keys, events, reports of posts shown,
/// comments of deleted posts, what a shard that moved has left behind. Finishes sign-ups and
/// changes of ties that were cut off. What it removes means nothing any more, so it asks no shard's lock.
/// </summary>
internal sealed class Housekeeping(RecordServers servers, Joining joining, GraphStore graph, TimeSpan logRetention)
{
    public const int RowsMax = 10_000;

    /// <summary>What began so long ago was cut off: no request lasts as long.</summary>
    private const long CutOffMs = 60_000;

    private const string CredentialsSql = """
        DELETE FROM credentials WHERE (shard, token) IN (
            SELECT shard, token FROM credentials WHERE expires_unix_ms < $1 ORDER BY expires_unix_ms LIMIT $2)
        """;

    private const string ClaimsSql = """
        DELETE FROM claims WHERE (shard, person, key) IN (
            SELECT shard, person, key FROM claims WHERE unix_ms < $1 ORDER BY unix_ms LIMIT $2)
        """;

    private const string CommentsSql = """
        DELETE FROM comments WHERE (shard, post, id) IN (
            SELECT c.shard, c.post, c.id FROM deleted_posts d JOIN comments c ON (c.shard, c.post) = (d.shard, d.post) LIMIT $1)
        """;

    private const string DoneSql = """
        DELETE FROM deleted_posts d WHERE (shard, post) IN (SELECT shard, post FROM deleted_posts LIMIT $1)
            AND NOT EXISTS (SELECT FROM comments c WHERE (c.shard, c.post) = (d.shard, d.post))
        """;

    private const string ImpressionsSql = """
        DELETE FROM impressions WHERE (shard, reader, event) IN (
            SELECT shard, reader, event FROM impressions WHERE day < $1 ORDER BY day LIMIT $2)
        """;

    /// <summary>Times rise with positions, roughly: the oldest are the first, and the newest always stays.</summary>
    private const string EventsSql = """
        DELETE FROM events WHERE position IN (
            SELECT position FROM (SELECT position, unix_ms FROM events ORDER BY position LIMIT $2) AS oldest
            WHERE unix_ms < $1 AND position < (SELECT log_end FROM numbers))
        """;

    public async ValueTask<int> SweepAsync(long nowUnixMs, CancellationToken ct)
    {
        var removed = await joining.SweepAsync(nowUnixMs - CutOffMs, ct) + await graph.MendAsync(nowUnixMs - CutOffMs, ct);
        foreach (var server in servers.All)
        {
            removed += await RunAsync(server, Statement.Of(CredentialsSql).With(nowUnixMs).With(RowsMax), ct);
            removed += await RunAsync(
                server, Statement.Of(ClaimsSql).With(nowUnixMs - (long)IdempotencyClaim.Lifetime.TotalMilliseconds).With(RowsMax), ct);
            removed += await RunAsync(server, Statement.Of(ImpressionsSql).With(FirstDay(nowUnixMs)).With(RowsMax), ct);
            removed += await RunAsync(server, Statement.Of(CommentsSql).With(RowsMax), ct);
            removed += await RunAsync(server, Statement.Of(DoneSql).With(RowsMax), ct);
            removed += await ShardMove.SweepAsync(server, nowUnixMs, ct);
        }
        return removed + await RunAsync(
            servers.Home, Statement.Of(EventsSql).With(nowUnixMs - (long)logRetention.TotalMilliseconds).With(RowsMax), ct);
    }

    /// <summary>The first day of which reports are kept: the feed or the log needs them.</summary>
    private int FirstDay(long nowUnixMs) =>
        (int)(nowUnixMs / (long)TimeSpan.FromDays(1).TotalMilliseconds) - Math.Max(ISeenPosts.DaysBefore, (int)Math.Ceiling(logRetention.TotalDays));

    private static async ValueTask<int> RunAsync(NpgsqlDataSource server, NpgsqlBatchCommand statement, CancellationToken ct)
    {
        await using var batch = server.CreateBatch();
        batch.BatchCommands.Add(statement);
        return await batch.ExecuteNonQueryAsync(ct);
    }
}
