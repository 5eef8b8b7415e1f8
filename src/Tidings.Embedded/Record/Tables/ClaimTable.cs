using Tidings.Embedded.Record.Rows;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>
/// Idempotency keys: one scope for each person, whatever they make. What a request answered first is a function of the request and of
/// the id that it made, so the id is all that is kept.
/// </summary>
internal sealed class ClaimTable(Database database) : Table
{
    private readonly Dictionary<(UserId Person, string Key), ClaimRow> _staged = [];

    /// <returns>The id that the key made before; 0 where it is new; rejected where it was used for another request.</returns>
    public Result<long> Find(Draft draft, UserId person, IdempotencyClaim? claim, ClaimKind kind)
    {
        if (claim is null || Get(draft, person, claim.Key) is not { } made) return 0L;
        return made.Kind == kind && made.Fingerprint.AsSpan().SequenceEqual(claim.Fingerprint) ? made.Id : IdempotencyClaim.Reused;
    }

    public void Set(Draft draft, UserId person, IdempotencyClaim? claim, ClaimKind kind, long id)
    {
        if (claim is null) return;
        var row = new ClaimRow(kind, id, draft.NowUnixMs, claim.Fingerprint);
        Span<byte> key = stackalloc byte[ClaimRow.KeyBytesMax];
        using var room = new Room(row.BytesMax);
        draft.Put(ClaimRow.Key(key, person, claim.Key), row.Write(room.Span), draft.Columns.Idempotency);
        _staged[(person, claim.Key)] = row;
    }

    /// <summary>Somebody's keys, as stored.</summary>
    public List<byte[]> KeysOf(UserId person, int max)
    {
        var keys = new List<byte[]>();
        Span<byte> prefix = stackalloc byte[ClaimRow.PersonPrefixBytes];
        ClaimRow.PersonPrefix(prefix, person);
        using var rows = database.Scan(database.Columns.Idempotency);
        for (rows.Seek(prefix); keys.Count < max && rows.IsAt(prefix); rows.Next())
            keys.Add(rows.Key.ToArray());
        return keys;
    }

    /// <param name="key">As stored.</param>
    /// <returns>False where it was made anew.</returns>
    public bool RemoveExpired(Draft draft, byte[] key, long nowUnixMs)
    {
        if (_staged.ContainsKey(ClaimRow.ReadKey(key))) return false;
        if (database.Get(key, draft.Columns.Idempotency) is not { } value || !ClaimRow.Read(value).IsExpired(nowUnixMs)) return false;
        draft.Delete(key, draft.Columns.Idempotency);
        return true;
    }

    public override void Publish(Draft draft) => _staged.Clear();

    private ClaimRow? Get(Draft draft, UserId person, string key)
    {
        if (_staged.TryGetValue((person, key), out var staged)) return staged;
        Span<byte> stored = stackalloc byte[ClaimRow.KeyBytesMax];
        var value = database.Get(ClaimRow.Key(stored, person, key), draft.Columns.Idempotency);
        if (value is null) return null;
        var row = ClaimRow.Read(value);
        return row.IsExpired(draft.NowUnixMs) ? null : row;
    }
}
