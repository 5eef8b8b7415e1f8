using Npgsql;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>Posts as they stand in the tables: a small row that counters change in place, and apart from it the body.</summary>
internal static class PostRows
{
    private const string Columns = "p.id, p.author, p.type, p.audience, p.list, p.deleted, p.version, p.edited_unix_ms, p.likes, p.comments, p.shares";

    public const string OneSql = "SELECT 0, " + Columns + " FROM posts p WHERE shard = $1 AND id = $2";

    public const string ManySql =
        "SELECT i.place, " + Columns + " FROM unnest($1, $2, $3) AS i(place, shard, id) JOIN posts p ON (p.shard, p.id) = (i.shard, i.id)";

    private const string CountSql = "UPDATE posts SET likes = likes + $3, comments = comments + $4, shares = shares + $5 WHERE shard = $1 AND id = $2";

    private const string DeleteSql = "UPDATE posts SET deleted = true WHERE shard = $1 AND id = ANY($2)";

    private const string DeleteBodySql = "DELETE FROM bodies WHERE shard = $1 AND id = ANY($2)";

    private const string SweepSql = "INSERT INTO deleted_posts SELECT $1, unnest($2) ON CONFLICT DO NOTHING";

    public static readonly Rejection NoSuchPost = Rejection.NotFound("post");

    public static NpgsqlBatchCommand Get(PostId post) => Statement.Of(OneSql).With(Shard.Of(post)).With(post.Value);

    public static PostHeader Read(NpgsqlDataReader row) => new(
        new PostId(row.GetInt64(1)), new UserId(row.GetInt64(2)), (PostType)row.GetInt16(3), (Audience)row.GetInt16(4),
        new AudienceListId((uint)row.GetInt64(5)), row.GetBoolean(6), row.GetInt32(7), row.GetInt64(8),
        new Counts(row.GetInt32(9), row.GetInt32(10), row.GetInt32(11)));

    public static NpgsqlBatchCommand Count(PostId post, int likes, int comments, int shares) =>
        Statement.Of(CountSql).With(Shard.Of(post)).With(post.Value).With(likes).With(comments).With(shares);

    /// <summary>Deletes posts of one author. The rows stay and say that they were there; the bodies go; the comments are no longer read, and go when
    /// swept.</summary>
    public static void Delete(Draft draft, UserId author, params PostId[] posts)
    {
        var ids = Array.ConvertAll(posts, post => post.Value);
        foreach (var sql in new[] { DeleteSql, DeleteBodySql, SweepSql })
            draft.Stage(Statement.Of(sql).With(draft.Shard).With(ids));
        foreach (var post in posts)
            draft.Tell(EventKind.PostDeleted, author, author, post, 0);
    }
}
