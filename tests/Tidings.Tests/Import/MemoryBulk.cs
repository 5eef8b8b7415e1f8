using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Tests.Import;

/// <summary>What the bulk door promises, in a few dictionaries; fails before or after a store when told to.</summary>
internal sealed class MemoryBulk : IBulkLoad, IPeopleStore
{
    private readonly Dictionary<string, UserId> _handles = [];
    private readonly Dictionary<string, long> _reached = [];

    public Dictionary<string, NewPerson> People { get; } = [];

    public HashSet<(UserId, UserId)> Follows { get; } = [];

    public List<DatedPost> Posts { get; } = [];

    /// <summary>How many follows and posts came in, repeated ones too.</summary>
    public int Taken { get; private set; }

    public int Stores { get; private set; }

    /// <summary>The number of the store that fails, from 1; 0 for none.</summary>
    public int FailAtStore { get; set; }

    public ValueTask<long> ReachedAsync(string job, CancellationToken ct) => new(_reached.GetValueOrDefault(job));

    public ValueTask<int> AddPeopleAsync(IReadOnlyList<NewPerson> people, Memory<UserId> into, CancellationToken ct)
    {
        var added = 0;
        for (var i = 0; i < people.Count; i++)
        {
            if (!_handles.TryGetValue(people[i].Handle, out var id))
            {
                added++;
                id = new UserId(_handles.Count + 1);
                _handles.Add(people[i].Handle, id);
                People.Add(people[i].Handle, people[i]);
            }
            into.Span[i] = id;
        }
        return new(added);
    }

    public ValueTask StoreAsync(LoadBatch batch, CancellationToken ct)
    {
        if (++Stores == FailAtStore)
            throw new IOException("The disk is full.");
        Follows.UnionWith(batch.Follows);
        Posts.AddRange(batch.Posts);
        Taken += batch.Follows.Count + batch.Posts.Count;
        _reached[batch.Job] = batch.Line;
        return default;
    }

    public UserId Id(string handle) => _handles[handle];

    public ValueTask<bool> ExistsAsync(UserId person, CancellationToken ct) => new(person.Value > 0 && person.Value <= People.Count);

    public ValueTask<UserId?> FindAsync(string handle, CancellationToken ct) =>
        new(_handles.TryGetValue(handle, out var id) ? id : null);

    ValueTask<Result<UserId>> IPeopleStore.AddAsync(NewPerson person, CancellationToken ct) => throw new NotSupportedException();

    ValueTask<Result<Person>> IPeopleStore.UpdateAsync(UserId person, string name, string bio, CancellationToken ct) =>
        throw new NotSupportedException();

    ValueTask IPeopleStore.GetAsync(ReadOnlyMemory<UserId> ids, Memory<Person?> into, CancellationToken ct) =>
        throw new NotSupportedException();

    ValueTask<Result<UserId>> IPeopleStore.JoinAsync(NewPerson person, TokenHash identity, CancellationToken ct) => throw new NotSupportedException();

    ValueTask<Result<bool>> IPeopleStore.LinkAsync(UserId person, TokenHash identity, CancellationToken ct) => throw new NotSupportedException();

    ValueTask<byte[]> IPeopleStore.PasswordHashAsync(UserId person, CancellationToken ct) => throw new NotSupportedException();
}
