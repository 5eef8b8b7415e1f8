using Tidings.Embedded.Record.Rows;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Audience lists, whole, and which ones a person has. Memory holds the lately asked.</summary>
internal sealed class AudienceTable(Database database) : Table
{
    private const int KeptMax = 16_384;

    private readonly ReadThroughCache<uint, AudienceRow> _kept = new(KeptMax);
    private readonly Dictionary<uint, AudienceRow?> _staged = [];
    private readonly Dictionary<UserId, uint[]> _stagedOwned = [];

    public AudienceRow? Get(AudienceListId list) => list.Value == 0 ? null : _kept.Get(list.Value, database, static (id, database) =>
    {
        Span<byte> key = stackalloc byte[AudienceRow.KeyBytes];
        var row = database.Get(AudienceRow.Key(key, new AudienceListId(id)), database.Columns.Audiences);
        return row is null ? null : AudienceRow.Read(row);
    });

    public AudienceRow? Get(Draft _, AudienceListId list) => _staged.TryGetValue(list.Value, out var staged) ? staged : Get(list);

    /// <summary>The ids of a person's lists, rising.</summary>
    public uint[] OwnedBy(UserId owner)
    {
        Span<byte> key = stackalloc byte[AudienceRow.KeyBytes];
        var row = database.Get(AudienceRow.OwnerKey(key, owner), database.Columns.Audiences);
        return row is null ? [] : AudienceRow.ReadOwned(row);
    }

    public uint[] OwnedBy(Draft _, UserId owner) => _stagedOwned.TryGetValue(owner, out var staged) ? staged : OwnedBy(owner);

    /// <summary>Lists with somebody on them: there is no index, all are read.</summary>
    public List<AudienceListId> Containing(UserId member, int max, CancellationToken ct)
    {
        var lists = new List<AudienceListId>();
        using var rows = database.ScanAll(database.Columns.Audiences);
        for (rows.Seek(AudienceRow.ListPrefix); lists.Count < max && rows.IsAt(AudienceRow.ListPrefix); rows.Next())
        {
            ct.ThrowIfCancellationRequested();
            if (Array.BinarySearch(AudienceRow.Read(rows.Value).Members, (uint)member.Value) >= 0)
                lists.Add(AudienceRow.ListOf(rows.Key));
        }
        return lists;
    }

    /// <param name="row">Null removes the list.</param>
    public void Set(Draft draft, AudienceListId list, AudienceRow? row)
    {
        _staged[list.Value] = row;
        draft.Touch();
    }

    public void SetOwned(Draft draft, UserId owner, uint[] lists)
    {
        _stagedOwned[owner] = lists;
        draft.Touch();
    }

    public override void Seal(Draft draft)
    {
        Span<byte> key = stackalloc byte[AudienceRow.KeyBytes];
        foreach (var (list, row) in _staged)
        {
            AudienceRow.Key(key, new AudienceListId(list));
            if (row is null)
            {
                draft.Delete(key, draft.Columns.Audiences);
                continue;
            }
            using var room = new Room(row.BytesMax);
            draft.Put(key, row.Write(room.Span), draft.Columns.Audiences);
        }
        foreach (var (owner, lists) in _stagedOwned)
        {
            using var room = new Room(AudienceRow.OwnedBytesMax(lists.Length));
            draft.Put(AudienceRow.OwnerKey(key, owner), AudienceRow.WriteOwned(room.Span, lists), draft.Columns.Audiences);
        }
    }

    public override void Publish(Draft draft)
    {
        foreach (var (list, row) in _staged)
            _kept.Committed(list, row);
        _staged.Clear();
        _stagedOwned.Clear();
    }
}
