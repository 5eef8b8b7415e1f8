using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class PeopleStore(Writer writer, PeopleTable people) : IPeopleStore
{
    private static readonly Rejection HandleTaken = new(RejectionKind.Conflict, "handle_taken", "Another person has this handle.", "handle");

    public ValueTask<Result<UserId>> AddAsync(NewPerson person, CancellationToken ct) =>
        writer.CommitAsync((people, person), static (draft, state) =>
        {
            var (people, person) = state;
            if (people.Find(draft, person.Handle) is not null)
                return HandleTaken;
            var id = Add(draft, people, person);
            draft.Tell(EventKind.PersonJoined, id, id, PostId.None, 0);
            return (Result<UserId>)id;
        }, ct);

    public ValueTask<Result<Person>> UpdateAsync(UserId person, string name, string bio, CancellationToken ct) =>
        writer.CommitAsync((people, person, name, bio), static (draft, state) =>
        {
            if (state.people.Get(draft, state.person) is not { } row)
                return Rejection.NotFound("person");
            var next = row.Person with { Name = state.name, Bio = state.bio };
            if (next != row.Person)
                state.people.Set(draft, row with { Person = next });
            return (Result<Person>)next;
        }, ct);

    public ValueTask GetAsync(ReadOnlyMemory<UserId> ids, Memory<Person?> into, CancellationToken ct)
    {
        for (var i = 0; i < ids.Length; i++)
            into.Span[i] = people.Get(ids.Span[i])?.Person;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ExistsAsync(UserId person, CancellationToken ct) => new(people.Exists(person));

    public ValueTask<UserId?> FindAsync(string handle, CancellationToken ct) => new(people.Find(handle));

    public ValueTask<byte[]> PasswordHashAsync(UserId person, CancellationToken ct) => new(people.Get(person)?.PasswordHash ?? []);

    /// <summary>Gives the person an id; the handle is free.</summary>
    public static UserId Add(Draft draft, PeopleTable people, NewPerson person)
    {
        var id = draft.NextPerson();
        people.Add(draft, new PersonRow(new Person(id, person.Handle, person.Name, person.Bio, draft.NowUnixMs), person.PasswordHash));
        return id;
    }
}
