using System.Collections.Concurrent;
using Tidings.Embedded.Record.Rows;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Who is being erased, or was. All of them in memory: each decision about a person asks.</summary>
internal sealed class ErasedTable(Database database) : Table
{
    private readonly ConcurrentDictionary<uint, ErasedRow> _rows = [];
    private readonly Dictionary<uint, ErasedRow> _staged = [];
    private volatile bool _any;

    public bool IsClosed(UserId person) => _any && _rows.ContainsKey((uint)person.Value);

    public bool IsClosed(Draft _, UserId person) => IsClosed(person) || (_staged.Count > 0 && _staged.ContainsKey((uint)person.Value));

    public bool IsErased(Draft _, UserId person) =>
        _any && _rows.TryGetValue((uint)person.Value, out var row) && row.Stage != ErasureStage.Closed;

    public List<UserId> At(ErasureStage stage, long sinceUnixMs = long.MaxValue) =>
        [.. _rows.Where(row => row.Value.Stage == stage && row.Value.SinceUnixMs <= sinceUnixMs).Select(row => new UserId(row.Key)).Order()];

    public void Set(Draft draft, UserId person, ErasureStage stage)
    {
        Span<byte> key = stackalloc byte[ErasedRow.KeyBytes];
        Span<byte> value = stackalloc byte[ErasedRow.Bytes];
        var row = new ErasedRow(stage, draft.NowUnixMs);
        draft.Put(ErasedRow.Key(key, (uint)person.Value), row.Write(value), draft.Columns.Meta);
        _staged[(uint)person.Value] = row;
    }

    public void Load()
    {
        using var rows = database.Scan(database.Columns.Meta);
        for (rows.Seek(ErasedRow.Prefix); rows.IsAt(ErasedRow.Prefix); rows.Next())
            _rows[ErasedRow.PersonOf(rows.Key)] = ErasedRow.Read(rows.Value);
        _any = !_rows.IsEmpty;
    }

    public override void Publish(Draft draft)
    {
        if (_staged.Count == 0) return;
        foreach (var (person, row) in _staged)
            _rows[person] = row;
        _any = true;
        _staged.Clear();
    }
}
