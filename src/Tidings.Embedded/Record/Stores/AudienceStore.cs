using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Record.Stores;

internal sealed class AudienceStore(Writer writer, PeopleTable people, AudienceTable audiences, GraphLimits limits) : IAudienceStore
{
    public static readonly Rejection NoSuchList = Rejection.NotFound("list");

    public ValueTask<Result<AudienceListId>> AddAsync(UserId owner, string name, CancellationToken ct) =>
        writer.CommitAsync((self: this, owner, name), static (draft, state) => state.self.Add(draft, state.owner, state.name), ct);

    public ValueTask<Result<bool>> RemoveAsync(UserId owner, AudienceListId list, CancellationToken ct) =>
        writer.CommitAsync((audiences, owner, list), static (draft, state) =>
        {
            var (audiences, owner, list) = state;
            if (audiences.Get(draft, list)?.Owner != owner)
                return NoSuchList;
            audiences.Set(draft, list, null);
            audiences.SetOwned(draft, owner, [.. audiences.OwnedBy(draft, owner).Where(id => id != list.Value)]);
            return (Result<bool>)true;
        }, ct);

    public ValueTask<Result<AudienceList>> ChangeMembersAsync(
        UserId owner, AudienceListId list, ReadOnlyMemory<UserId> add, ReadOnlyMemory<UserId> remove, CancellationToken ct) =>
        writer.CommitAsync((self: this, owner, list, add, remove), static (draft, state) =>
            state.self.Change(draft, state.owner, state.list, state.add.Span, state.remove.Span), ct);

    public ValueTask<IReadOnlyList<AudienceList>> OfAsync(UserId owner, CancellationToken ct)
    {
        var lists = new List<AudienceList>();
        foreach (var id in people.Exists(owner) ? audiences.OwnedBy(owner) : [])
        {
            var list = new AudienceListId(id);
            if (audiences.Get(list) is { } row) lists.Add(Describe(list, row));
        }
        return new(lists);
    }

    public ValueTask<int> MembersAsync(AudienceListId list, UserId after, Memory<UserId> into, CancellationToken ct)
    {
        var members = audiences.Get(list)?.Members ?? [];
        var from = members.AsSpan().BinarySearch((uint)Math.Clamp(after.Value + 1, 0, uint.MaxValue));
        var rest = members.AsSpan(from < 0 ? ~from : from);
        var count = Math.Min(rest.Length, into.Length);
        for (var i = 0; i < count; i++)
            into.Span[i] = new UserId(rest[i]);
        return new(count);
    }

    public ValueTask ContainsAsync(UserId person, ReadOnlyMemory<AudienceListId> lists, Memory<bool> into, CancellationToken ct)
    {
        var known = people.Exists(person);
        for (var i = 0; i < lists.Length; i++)
            into.Span[i] = known && Array.BinarySearch(audiences.Get(lists.Span[i])?.Members ?? [], (uint)person.Value) >= 0;
        return ValueTask.CompletedTask;
    }

    private Result<AudienceListId> Add(Draft draft, UserId owner, string name)
    {
        if (!people.Exists(draft, owner))
            return Rejection.NotFound("person");
        var owned = audiences.OwnedBy(draft, owner);
        if (owned.Length >= limits.AudienceListsMax)
            return Rejection.Limit("too_many_lists", $"A person has at most {limits.AudienceListsMax} audience lists.");
        var list = new AudienceListId(draft.NextAudienceList());
        audiences.Set(draft, list, new AudienceRow(owner, name, []));
        audiences.SetOwned(draft, owner, [.. owned, list.Value]);
        return list;
    }

    private Result<AudienceList> Change(Draft draft, UserId owner, AudienceListId list, ReadOnlySpan<UserId> add, ReadOnlySpan<UserId> remove)
    {
        if (audiences.Get(draft, list) is not { } row || row.Owner != owner)
            return NoSuchList;
        var members = new SortedSet<uint>(row.Members);
        foreach (var person in remove)
            members.Remove((uint)Math.Clamp(person.Value, 0, uint.MaxValue));
        foreach (var person in add)
        {
            if (!people.Exists(draft, person))
                return Rejection.NotFound("person");
            members.Add((uint)person.Value);
        }
        if (members.Count > limits.AudienceMembersMax)
            return Rejection.Limit("list_full", $"An audience list has at most {limits.AudienceMembersMax} members.");
        var next = row with { Members = [.. members] };
        if (!next.Members.AsSpan().SequenceEqual(row.Members))
            audiences.Set(draft, list, next);
        return Describe(list, next);
    }

    private static AudienceList Describe(AudienceListId list, AudienceRow row) => new(list, row.Owner, row.Name, row.Members.Length);
}
