using Npgsql;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// Reports of what was shown, in the reader's shard, and whether a post is among the newest of them. The reports are the truth; to look through them
/// is slow beside a filter in memory, which can be made from them at any time.
/// </summary>
internal sealed class SeenPosts(RecordServers servers, RecordReads reads, RecordWrites writes, TimeProvider clock) : ISeenPosts
{
    /// <summary>Posts that are looked through, the newest.</summary>
    private const int PostsMax = ISeenPosts.PostsMin + ReportImpressions.ItemsMax;

    private const long DayMs = 86_400_000;

    private const string AddSql = "INSERT INTO impressions VALUES ($1, $2, $3, $4, $5, $6)";

    private const string SeenSql = """
        SELECT DISTINCT post FROM (
            SELECT unnest(posts) AS post FROM impressions WHERE shard = $1 AND reader = $2 AND day >= $3 ORDER BY event DESC LIMIT $4) AS shown
        WHERE post = ANY($5)
        """;

    private const string ToldSql = "SELECT shard, event FROM events WHERE position = $1";

    private const string ReportSql = "SELECT posts, dwells_ms FROM impressions WHERE shard = $1 AND event = $2 AND reader = $3";

    public async ValueTask SeenAsync(UserId reader, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct)
    {
        var shard = Shard.Of(reader);
        var asked = Array.ConvertAll(posts.ToArray(), post => post.Value);
        var from = (int)(clock.GetUtcNow().ToUnixTimeMilliseconds() / DayMs) - ISeenPosts.DaysBefore;
        var seen = await reads.OneAsync(
            shard, () => Statement.Of(SeenSql).With(shard).With(reader.Value).With(from).With(PostsMax).With(asked), row => row.GetInt64(0), ct);
        var set = seen.ToHashSet();
        for (var i = 0; i < asked.Length; i++)
            into.Span[i] = set.Contains(asked[i]);
    }

    public ValueTask<Result<bool>> NoteAsync(UserId reader, ReadOnlyMemory<Impression> shown, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(shown.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shown.Length, ReportImpressions.ItemsMax);
        var shard = Shard.Of(reader);
        var report = shown.ToArray();
        return writes.CommitAsync(shard, () => [Statement.Of(PeopleStore.StateSql).With(shard).With(reader.Value)], async (answers, draft) =>
        {
            if ((PersonState)await answers.OneAsync(row => row.GetInt16(0), CancellationToken.None) != PersonState.Here)
                return PeopleStore.NoSuchPerson;
            draft.Tell(EventKind.PostsShown, reader, reader, PostId.None, report.Length);
            draft.Stage(Statement.Of(AddSql)
                .With(shard).With(reader.Value).With(draft.Row.Event).With((int)(draft.NowUnixMs / DayMs))
                .With(Array.ConvertAll(report, one => one.Post.Value)).With(Array.ConvertAll(report, one => (int)one.DwellMs)));
            return (Result<bool>)true;
        }, ct);
    }

    public async ValueTask<IReadOnlyList<Impression>> ReportAsync(Event told, CancellationToken ct)
    {
        await using var command = servers.Home.CreateCommand(ToldSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = told.Position });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var places = await new Answers(rows).AllAsync(row => (Shard: row.GetInt16(0), Event: row.GetInt64(1)), ct);
        if (places is not [var place])
            return [];
        var reports = await reads.OneAsync(
            place.Shard, () => Statement.Of(ReportSql).With(place.Shard).With(place.Event).With(told.Actor.Value),
            row => row.GetFieldValue<long[]>(0).Zip(
                row.GetFieldValue<int[]>(1), (post, dwell) => new Impression(new PostId(post), (uint)dwell)).ToArray(), ct);
        return reports.SingleOrDefault() ?? [];
    }
}
