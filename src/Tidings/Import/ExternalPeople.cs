using System.Globalization;
using Tidings.People;

namespace Tidings.Import;

/// <summary>The people behind the ids of a source: made in batches when a batch of lines names them for the first time.</summary>
internal sealed class ExternalPeople(IBulkLoad bulk, string handlePrefix, IdMap people)
{
    private const int PeoplePerBatchMax = 8_192;

    private readonly HashSet<ulong> _unknown = [];
    private readonly List<NewPerson> _new = new(PeoplePerBatchMax);
    private readonly UserId[] _ids = new UserId[PeoplePerBatchMax];

    /// <summary>How many people were not there before.</summary>
    public long Added { get; private set; }

    public void Name(ulong external)
    {
        if (!people.TryGet(external, out _))
            _unknown.Add(external);
    }

    /// <summary>Finds or makes everyone named since.</summary>
    public async ValueTask AddNamedAsync(CancellationToken ct)
    {
        foreach (var slice in _unknown.Chunk(PeoplePerBatchMax))
        {
            _new.Clear();
            foreach (var external in slice)
            {
                var handle = string.Create(CultureInfo.InvariantCulture, $"{handlePrefix}{external}");
                _new.Add(new NewPerson(handle, handle, "", []));
            }
            Added += await bulk.AddPeopleAsync(_new, _ids.AsMemory(0, slice.Length), ct);
            for (var i = 0; i < slice.Length; i++)
                people.Set(slice[i], _ids[i]);
        }
        _unknown.Clear();
    }

    public UserId this[ulong external] =>
        people.TryGet(external, out var person) ? person : throw new InvalidOperationException($"{external} was not named.");
}
