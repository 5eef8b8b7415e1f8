using Tidings.People;

namespace Tidings.Import;

/// <summary>
/// The ids of a source → people: an open-addressing table with linear probing, 12 bytes a slot, at most 3/4 full. A person's id 0 marks a
/// free slot: ids are given from 1.
/// </summary>
public sealed class IdMap
{
    private ulong[] _keys = new ulong[1_024];
    private uint[] _people = new uint[1_024];

    public int Count { get; private set; }

    public bool TryGet(ulong external, out UserId person)
    {
        var found = _people[Slot(external)];
        person = new UserId(found);
        return found != 0;
    }

    /// <summary>Sets or replaces.</summary>
    public void Set(ulong external, UserId person)
    {
        if ((Count + 1) * 4L > _keys.Length * 3L)
            Grow();
        var slot = Slot(external);
        if (_people[slot] == 0)
            Count++;
        _keys[slot] = external;
        _people[slot] = checked((uint)person.Value);
    }

    /// <summary>Where the id is, or the free slot where it belongs. The multiplier is 2⁶⁴ / φ: it spreads ids that follow each other.</summary>
    private int Slot(ulong external)
    {
        var mask = _keys.Length - 1;
        var slot = (int)((external * 0x9E37_79B9_7F4A_7C15) >> 32) & mask;
        while (_people[slot] != 0 && _keys[slot] != external)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (keys, people) = (_keys, _people);
        _keys = new ulong[keys.Length * 2];
        _people = new uint[keys.Length * 2];
        for (var i = 0; i < keys.Length; i++)
        {
            if (people[i] == 0)
                continue;
            var slot = Slot(keys[i]);
            (_keys[slot], _people[slot]) = (keys[i], people[i]);
        }
    }
}
