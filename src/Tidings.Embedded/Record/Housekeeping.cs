using RocksDbSharp;
using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Feeds;

namespace Tidings.Embedded.Record;

/// <summary>
/// Removes what has expired: sessions, idempotency keys, events, reports of posts shown, slates. Each call looks at a stretch of each table, at most
/// <see cref="RowsMax"/> rows, and goes on there the next time, round and round; call it about once a minute. What it found is looked at
/// again by the writer, as it may have been made anew meanwhile. One call at a time.
/// </summary>
internal sealed class Housekeeping(
    Writer writer, Database database, CredentialTable credentials, ClaimTable claims, SeenFilters filters, TimeSpan logRetention)
{
    public const int RowsMax = 10_000;

    /// <summary>Each is a read: others wait for the writer no longer than some milliseconds.</summary>
    private const int RowsPerDecision = 500;

    private byte[] _credentialsFrom = [.. CredentialRow.AllPrefix];
    private byte[] _claimsFrom = [];
    private long _eventsFrom;

    /// <returns>How many rows were removed, without those of days that went as a whole.</returns>
    public async ValueTask<int> SweepAsync(long nowUnixMs, CancellationToken ct)
    {
        await SweepImpressionsAsync(nowUnixMs, ct);
        return await SweepCredentialsAsync(nowUnixMs, ct) + await SweepClaimsAsync(nowUnixMs, ct) + await SweepEventsAsync(nowUnixMs, ct)
            + await SweepSlatesAsync(nowUnixMs, ct);
    }

    /// <summary>A day goes when neither the feed nor the log needs it any more: one range, however many reports there were.</summary>
    private async ValueTask SweepImpressionsAsync(long nowUnixMs, CancellationToken ct)
    {
        filters.Retire(ImpressionsRow.DayOf(nowUnixMs));
        var firstKept = ImpressionsRow.DayOf(nowUnixMs) - Math.Max(ISeenPosts.DaysBefore, (int)Math.Ceiling(logRetention.TotalDays));
        if (firstKept <= 0 || OldestImpressions() >= firstKept) return;
        await writer.CommitAsync(firstKept, static (draft, firstKept) =>
        {
            var (from, to) = (new byte[ImpressionsRow.KeyBytes], new byte[ImpressionsRow.KeyBytes]);
            ImpressionsRow.Key(to, firstKept, default, 0);
            draft.DeleteRange(from, to, draft.Columns.Impressions);
            return true;
        }, ct);
    }

    private int OldestImpressions()
    {
        using var rows = database.Scan(database.Columns.Impressions);
        rows.SeekToFirst();
        return rows.Valid ? ImpressionsRow.DayOfKey(rows.Key) : int.MaxValue;
    }

    private async ValueTask<int> SweepCredentialsAsync(long nowUnixMs, CancellationToken ct)
    {
        var expired = Stretch(database.Columns.Credentials, CredentialRow.AllPrefix.ToArray(), ref _credentialsFrom,
            value => CredentialRow.Read(value).ExpiresUnixMs <= nowUnixMs);
        var removed = 0;
        foreach (var keys in expired.Chunk(RowsPerDecision))
        {
            removed += await writer.CommitAsync((credentials, keys, nowUnixMs), static (draft, state) =>
                state.keys.Count(key => state.credentials.RemoveExpired(draft, CredentialRow.TokenOf(key), state.nowUnixMs)), ct);
        }
        return removed;
    }

    private async ValueTask<int> SweepClaimsAsync(long nowUnixMs, CancellationToken ct)
    {
        var expired = Stretch(database.Columns.Idempotency, [], ref _claimsFrom, value => ClaimRow.Read(value).IsExpired(nowUnixMs));
        var removed = 0;
        foreach (var keys in expired.Chunk(RowsPerDecision))
        {
            removed += await writer.CommitAsync((claims, keys, nowUnixMs), static (draft, state) =>
                state.keys.Count(key => state.claims.RemoveExpired(draft, key, state.nowUnixMs)), ct);
        }
        return removed;
    }

    private async ValueTask<int> SweepEventsAsync(long nowUnixMs, CancellationToken ct)
    {
        var keepFromUnixMs = nowUnixMs - (long)logRetention.TotalMilliseconds;
        var (first, end) = ExpiredEvents(keepFromUnixMs);
        if (end == first) return 0;
        await writer.CommitAsync((first, end), static (draft, state) =>
        {
            var (from, to) = (new byte[EventRow.KeyBytes], new byte[EventRow.KeyBytes]);
            EventRow.Key(from, state.first);
            EventRow.Key(to, state.end);
            draft.DeleteRange(from, to, draft.Columns.Events);
            return true;
        }, ct);
        _eventsFrom = end;
        return (int)(end - first);
    }

    /// <summary>Slates go with the events that say what came of them. Their keys tell their time.</summary>
    private async ValueTask<int> SweepSlatesAsync(long nowUnixMs, CancellationToken ct)
    {
        var keepFrom = TimeOrderedId.FirstAt(nowUnixMs - (long)logRetention.TotalMilliseconds);
        var (first, removed) = (0L, 0);
        using (var rows = database.Scan(database.Columns.Slates))
        {
            for (rows.SeekToFirst(); removed < RowsMax && rows.Valid && SlateRow.ReadKey(rows.Key) < keepFrom; rows.Next(), removed++)
                first = SlateRow.ReadKey(rows.Key) + 1;
        }
        if (removed == 0) return 0;
        return await writer.CommitAsync((first, removed), static (draft, state) =>
        {
            var (from, to) = (new byte[SlateRow.KeyBytes], new byte[SlateRow.KeyBytes]);
            SlateRow.Key(to, state.first);
            draft.DeleteRange(from, to, draft.Columns.Slates);
            return state.removed;
        }, ct);
    }

    private (long First, long End) ExpiredEvents(long keepFromUnixMs)
    {
        Span<byte> key = stackalloc byte[EventRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Events);
        rows.Seek(EventRow.Key(key, _eventsFrom));
        if (!rows.Valid) return (0, 0);
        var first = EventRow.ReadKey(rows.Key);
        var end = first;
        for (var looked = 0; looked < RowsMax && rows.Valid; looked++)
        {
            var position = EventRow.ReadKey(rows.Key);
            if (EventRow.Read(position, rows.Value).UnixMs >= keepFromUnixMs) break;
            rows.Next();
            // The newest event stays: it says how far the log has come.
            if (rows.Valid) end = position + 1;
        }
        return (first, end);
    }

    private delegate bool IsExpired(ReadOnlySpan<byte> value);

    private List<byte[]> Stretch(ColumnFamilyHandle column, byte[] prefix, ref byte[] from, IsExpired isExpired)
    {
        var expired = new List<byte[]>();
        using var rows = database.Scan(column);
        rows.Seek(from);
        for (var looked = 0; looked < RowsMax; looked++, rows.Next())
        {
            if (!rows.IsAt(prefix))
            {
                from = prefix;
                return expired;
            }
            if (isExpired(rows.Value)) expired.Add(rows.Key.ToArray());
        }
        from = rows.Valid ? rows.Key.ToArray() : prefix;
        return expired;
    }
}
