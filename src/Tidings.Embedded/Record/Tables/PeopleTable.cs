using System.Text;
using Tidings.Embedded.Record.Rows;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>
/// People and their handles. Memory holds how many there are, and the lately read: a million whole rows would be three million objects for
/// the collector, while a page of a feed names 20 people, mostly the same ones.
/// </summary>
internal sealed class PeopleTable(Database database, uint count, ErasedTable erased) : Table
{
    private const int KeptMax = 262_144;

    private readonly ReadThroughCache<uint, PersonRow> _kept = new(KeptMax);
    private readonly Dictionary<uint, PersonRow> _staged = [];
    private readonly Dictionary<string, UserId> _stagedHandles = [];
    private uint _count = count;

    public CacheFigures Kept => _kept.Figures;

    /// <summary>People are numbered from 1 to this.</summary>
    public uint Count => Volatile.Read(ref _count);

    /// <summary>Whether the id was ever given: somebody who is being erased, or was, is among them.</summary>
    public bool Exists(UserId person) => person.Value > 0 && person.Value <= Count;

    /// <summary>Whether something can be done by or about the person.</summary>
    public bool Exists(Draft draft, UserId person) =>
        person.Value > 0 && person.Value <= draft.Reached.Person && !erased.IsClosed(draft, person);

    /// <summary>The same for readers, a moment later.</summary>
    public bool IsHere(UserId person) => Exists(person) && !erased.IsClosed(person);

    public PersonRow? Get(UserId person) => Exists(person) ? _kept.Get((uint)person.Value, this, static (id, self) => self.Read(id)) : null;

    public PersonRow? Get(Draft draft, UserId person)
    {
        if (person.Value <= 0 || person.Value > draft.Reached.Person) return null;
        return _staged.TryGetValue((uint)person.Value, out var staged) ? staged : Get(person);
    }

    public UserId? Find(string handle)
    {
        if (handle.Length > PersonRules.HandleCharsMax) return null;
        var found = database.Get(Encoding.UTF8.GetBytes(handle), database.Columns.Handles);
        return found is null ? null : PersonRow.ReadHandle(found);
    }

    public UserId? Find(Draft draft, string handle) =>
        _stagedHandles.TryGetValue(handle, out var staged) ? staged : Find(handle);

    public void Add(Draft draft, PersonRow row)
    {
        var person = row.Person;
        Span<byte> value = stackalloc byte[PersonRow.HandleBytes];
        draft.Put(Encoding.UTF8.GetBytes(person.Handle), PersonRow.WriteHandle(value, person.Id), draft.Columns.Handles);
        _stagedHandles.Add(person.Handle, person.Id);
        Set(draft, row);
    }

    public void Set(Draft draft, PersonRow row)
    {
        Span<byte> key = stackalloc byte[4];
        var keyRow = new RowWriter(key);
        keyRow.UInt32((uint)row.Person.Id.Value);
        using var room = new Room(row.BytesMax);
        draft.Put(key, row.Write(room.Span), draft.Columns.People);
        _staged[(uint)row.Person.Id.Value] = row;
    }

    /// <summary>Takes the handle back and leaves an empty row: the id stays given.</summary>
    public void Erase(Draft draft, UserId person)
    {
        if (Get(draft, person) is not { } row) return;
        draft.Delete(Encoding.UTF8.GetBytes(row.Person.Handle), draft.Columns.Handles);
        Set(draft, new PersonRow(new Person(person, "", "", "", 0), []));
    }

    public override void Publish(Draft draft)
    {
        foreach (var (id, row) in _staged)
            _kept.Committed(id, row.IsErased ? null : row);
        Volatile.Write(ref _count, draft.Reached.Person);
        _staged.Clear();
        _stagedHandles.Clear();
    }

    private PersonRow? Read(uint id)
    {
        Span<byte> key = stackalloc byte[4];
        var keyRow = new RowWriter(key);
        keyRow.UInt32(id);
        var row = database.Get(key, database.Columns.People);
        return row is not null && PersonRow.Read(new UserId(id), row) is { IsErased: false } read ? read : null;
    }
}
