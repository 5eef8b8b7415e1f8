using Npgsql;
using Tidings.Posts;
using Tidings.Postgres.Sharding;
using Tidings.People;

namespace Tidings.Postgres.Stores;

/// <summary>What a key made. The numbers are part of the stored format.</summary>
internal enum ClaimKind : short { Post = 1, Comment = 2 }

/// <param name="Claim">The number of this use of the key.</param>
/// <param name="Made">The id that the key made; 0 while that isn't known.</param>
internal sealed record ClaimRow(byte[] Fingerprint, ClaimKind Kind, long Claim, long Made, long UnixMs);

/// <summary>
/// Idempotency keys, in the shard of the person who used them. A post is in the same shard: key and post are one transaction. A comment may be in
/// another. Then the key is taken first, with a number that is never given again; the comment bears that number under a unique key, so
/// however many make it at once there is one; and at last the key is told what it made. A key that was taken and never told, because everything was
/// cut off in between, is no obstacle: the next request with it makes the comment, or finds it.
/// </summary>
internal static class Claims
{
    public const string GetSql = "SELECT fingerprint, kind, claim, made, unix_ms FROM claims WHERE shard = $1 AND person = $2 AND key = $3";

    private const string SetSql = """
        INSERT INTO claims (shard, person, key, fingerprint, kind, claim, made, unix_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (shard, person, key) DO UPDATE SET
            fingerprint = excluded.fingerprint, kind = excluded.kind, claim = excluded.claim, made = excluded.made, unix_ms = excluded.unix_ms
        """;

    private const string MadeSql = "UPDATE claims SET made = $4 WHERE shard = $1 AND person = $2 AND key = $3 AND claim = $5";

    private const string GiveBackSql = "DELETE FROM claims WHERE shard = $1 AND person = $2 AND key = $3 AND claim = $4 AND made = 0";

    public static NpgsqlBatchCommand Get(UserId person, IdempotencyClaim? claim) =>
        Statement.Of(GetSql).With(Shard.Of(person)).With(person.Value).With(claim?.Key ?? "");

    public static NpgsqlBatchCommand Set(UserId person, IdempotencyClaim claim, ClaimKind kind, long number, long made, long nowUnixMs) =>
        Statement.Of(SetSql).With(Shard.Of(person)).With(person.Value).With(claim.Key).With(claim.Fingerprint).With((short)kind)
            .With(number).With(made).With(nowUnixMs);

    public static NpgsqlBatchCommand Made(UserId person, IdempotencyClaim claim, long number, long made) =>
        Statement.Of(MadeSql).With(Shard.Of(person)).With(person.Value).With(claim.Key).With(made).With(number);

    /// <summary>What was asked for was refused: a refusal isn't remembered.</summary>
    public static NpgsqlBatchCommand GiveBack(UserId person, IdempotencyClaim claim, long number) =>
        Statement.Of(GiveBackSql).With(Shard.Of(person)).With(person.Value).With(claim.Key).With(number);

    public static ClaimRow Read(NpgsqlDataReader row) =>
        new(row.Bytes(0), (ClaimKind)row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));

    /// <summary>The row where it still means something.</summary>
    /// <returns>Null where the key is new; rejected where it was used for another request.</returns>
    public static Result<ClaimRow?> Check(ClaimRow? row, IdempotencyClaim claim, ClaimKind kind, long nowUnixMs)
    {
        if (row is null || nowUnixMs - row.UnixMs >= (long)IdempotencyClaim.Lifetime.TotalMilliseconds)
            return (Result<ClaimRow?>)(ClaimRow?)null;
        return row.Kind == kind && row.Fingerprint.AsSpan().SequenceEqual(claim.Fingerprint) ? row : IdempotencyClaim.Reused;
    }
}
