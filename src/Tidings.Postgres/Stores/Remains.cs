using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// What is left of a closed person, kind by kind: each call finds some of the first kind that is still there and removes it, with counters and events in the
/// same transactions as always. Nothing has to be remembered between two calls.
/// </summary>
internal sealed class Remains(RecordReads reads, RecordWrites writes, GraphStore graph)
{
    public const int RowsPerStep = 200;

    private const int TiesAtOnce = 8;

    private const string PostsSql = "SELECT id FROM posts WHERE shard = $1 AND author = $2 AND NOT deleted ORDER BY id DESC LIMIT $3";

    private const string CommentsSql = "SELECT shard, post, id FROM comments WHERE author = $1 AND NOT deleted" + RecordReads.AndHere + " LIMIT $2";

    private const string MarksSql = "SELECT shard, post, mark FROM marks WHERE person = $1" + RecordReads.AndHere + " ORDER BY mark LIMIT $2";

    private const string TiesSql = "SELECT other FROM ties WHERE shard = $1 AND person = $2 LIMIT $3";

    private const string MembersSql = "SELECT shard FROM audience_members WHERE person = $1" + RecordReads.AndHere + " LIMIT $2";

    private const string HeadersSql =
        "SELECT 0, id, author, type, audience, list, deleted, version, edited_unix_ms, likes, comments, shares FROM posts WHERE shard = $1 AND id = ANY($2)";

    private const string CommentsHereSql = "SELECT post, id FROM comments WHERE shard = $1 AND id = ANY($2) AND author = $3 AND NOT deleted AND post = ANY($4)";

    private const string MarksHereSql = "SELECT post, mark FROM marks WHERE shard = $1 AND post = ANY($2) AND person = $3";

    /// <summary>What is the person's own in their own shard and concerns nobody else: tables and the column that names the person.</summary>
    private static readonly (string Table, string Column)[] Own =
    [
        ("claims", "person"), ("affinity", "reader"), ("notifications", "owner"), ("notification_reads", "owner"), ("impressions", "reader"),
        ("tie_counts", "person"), ("fan_out_modes", "author"),
    ];

    /// <returns>False where nothing was found.</returns>
    public async ValueTask<bool> RemoveSomeAsync(UserId person, CancellationToken ct) =>
        await PostsAsync(person, ct) || await CommentsAsync(person, ct) || await MarksAsync(person, ct) || await TiesAsync(person, ct)
        || await OwnListsAsync(person, ct) || await OthersListsAsync(person, ct) || await OwnRowsAsync(person, ct);

    private ValueTask<bool> PostsAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        return writes.CommitAsync(shard, () => [Statement.Of(PostsSql).With(shard).With(person.Value).With(RowsPerStep)], async (answers, draft) =>
        {
            var posts = await answers.AllAsync(row => new PostId(row.GetInt64(0)), CancellationToken.None);
            if (posts.Count > 0)
                PostRows.Delete(draft, person, [.. posts]);
            return posts.Count > 0;
        }, ct);
    }

    private async ValueTask<bool> CommentsAsync(UserId person, CancellationToken ct)
    {
        var found = await reads.AllAsync(
            () => Statement.Of(CommentsSql).With(person.Value).With(RowsPerStep), row => (Shard: row.GetInt16(0), Post: row.GetInt64(1), Id: row.GetInt64(2)), ct);
        foreach (var ofShard in found.GroupBy(comment => comment.Shard))
        {
            var (posts, ids) = (ofShard.Select(c => c.Post).Distinct().ToArray(), ofShard.Select(c => c.Id).ToArray());
            await writes.CommitAsync(ofShard.Key, () =>
            [
                Statement.Of(HeadersSql).With(ofShard.Key).With(posts),
                Statement.Of(CommentsHereSql).With(ofShard.Key).With(ids).With(person.Value).With(posts),
            ], async (answers, draft) =>
            {
                var headers = (await answers.AllAsync(PostRows.Read, CancellationToken.None)).ToDictionary(header => header.Id.Value);
                var here = await answers.AllAsync(row => (Post: row.GetInt64(0), Id: row.GetInt64(1)), CancellationToken.None);
                foreach (var (post, id) in here)
                    EngagementStore.StageDeletion(draft, headers[post], person, new CommentId(id));
                return here.Count;
            }, ct);
        }
        return found.Count > 0;
    }

    private async ValueTask<bool> MarksAsync(UserId person, CancellationToken ct)
    {
        var found = await reads.AllAsync(
            () => Statement.Of(MarksSql).With(person.Value).With(RowsPerStep), row => (Shard: row.GetInt16(0), Post: row.GetInt64(1), Mark: row.GetInt16(2)), ct);
        foreach (var ofShard in found.GroupBy(mark => mark.Shard))
        {
            var posts = ofShard.Select(mark => mark.Post).Distinct().ToArray();
            var wanted = ofShard.Select(mark => (mark.Post, mark.Mark)).ToHashSet();
            await writes.CommitAsync(ofShard.Key, () =>
            [
                Statement.Of(HeadersSql).With(ofShard.Key).With(posts), Statement.Of(MarksHereSql).With(ofShard.Key).With(posts).With(person.Value),
            ], async (answers, draft) =>
            {
                var headers = (await answers.AllAsync(PostRows.Read, CancellationToken.None)).ToDictionary(header => header.Id.Value);
                var here = await answers.AllAsync(row => (Post: row.GetInt64(0), Mark: row.GetInt16(1)), CancellationToken.None);
                foreach (var (post, mark) in here.Where(wanted.Contains))
                    EngagementStore.StageMark(draft, headers[post], person, (Mark)mark, on: false);
                return here.Count;
            }, ct);
        }
        return found.Count > 0;
    }

    private async ValueTask<bool> TiesAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var others = await reads.OneAsync(
            shard, () => Statement.Of(TiesSql).With(shard).With(person.Value).With(RowsPerStep), row => new UserId(row.GetInt64(0)), ct);
        await Parallel.ForEachAsync(
            others, new ParallelOptions { MaxDegreeOfParallelism = TiesAtOnce, CancellationToken = ct },
            async (other, cancelled) => await graph.CutAsync(person, other, cancelled));
        return others.Count > 0;
    }

    /// <summary>One list in a step: it may have thousands on it.</summary>
    private ValueTask<bool> OwnListsAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        return writes.CommitAsync(shard, () =>
        [
            Statement.Of("SELECT list FROM audience_lists WHERE shard = $1 AND owner = $2 LIMIT 1").With(shard).With(person.Value),
        ], async (answers, draft) =>
        {
            var list = await answers.OneAsync(row => row.GetInt64(0), CancellationToken.None);
            if (list != 0)
                AudienceStore.StageRemoval(draft, list);
            return list != 0;
        }, ct);
    }

    private async ValueTask<bool> OthersListsAsync(UserId person, CancellationToken ct)
    {
        var found = await reads.AllAsync(() => Statement.Of(MembersSql).With(person.Value).With(RowsPerStep), row => row.GetInt16(0), ct);
        foreach (var shard in found.Distinct())
        {
            await writes.StoreAsync(shard, draft => draft.Stage(Statement.Of("DELETE FROM audience_members WHERE shard = $1 AND person = $2")
                .With(shard).With(person.Value)), ct);
        }
        return found.Count > 0;
    }

    private async ValueTask<bool> OwnRowsAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        foreach (var (table, column) in Own)
        {
            var isThere = await writes.CommitAsync(shard, () =>
            [
                Statement.Of($"SELECT 1 FROM {table} WHERE shard = $1 AND {column} = $2 LIMIT 1").With(shard).With(person.Value),
            ], async (answers, draft) =>
            {
                var any = await answers.AnyAsync(CancellationToken.None);
                if (any)
                {
                    draft.Stage(Statement.Of(
                        $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE shard = $1 AND {column} = $2 LIMIT {RowsPerStep}))")
                        .With(shard).With(person.Value));
                }
                return any;
            }, ct);
            if (isThere)
                return true;
        }
        return false;
    }
}
